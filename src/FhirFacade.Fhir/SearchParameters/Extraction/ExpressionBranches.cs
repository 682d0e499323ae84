using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath.Syntax;

namespace FhirFacade.Fhir.SearchParameters.Extraction;

/// <summary>Search parameters of several types name them all in one union; of one type only its own branches matter.</summary>
internal static class ExpressionBranches
{
    /// <summary>The expression without the branches that start at another resource type.</summary>
    public static Expression For(string resourceType, Expression expression)
    {
        if (expression is not Binary { Operator: "|" } union)
        {
            return expression;
        }

        var left = For(resourceType, union.Left);
        var right = For(resourceType, union.Right);
        return !Concerns(resourceType, left) ? right
            : !Concerns(resourceType, right) ? left
            : new Binary("|", left, right, union.Position);
    }

    private static bool Concerns(string resourceType, Expression expression) =>
        expression is Binary { Operator: "|" }
        || Root(expression) is not { } root
        || root == resourceType
        || root is "Resource" or "DomainResource"
        || !R4.Definitions.IsResourceType(root);

    private static string? Root(Expression expression) => expression switch
    {
        Member { Source: null } root => root.Name,
        Member member => Root(member.Source!),
        Call { Source: { } source } => Root(source),
        Indexer indexer => Root(indexer.Source),
        TypeOperation operation => Root(operation.Operand),
        Binary binary => Root(binary.Left),
        _ => null,
    };
}
