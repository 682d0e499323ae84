using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.FhirPath.Syntax;

/// <summary>The sides of a union, seen from resources of one type.</summary>
internal static class UnionSides
{
    /// <summary>The sides that can find something: not those that start at another type.</summary>
    public static IEnumerable<Expression> Concerning(string resourceType, Expression expression) =>
        expression is Binary { Operator: "|" } union ? Concerning(resourceType, union.Left).Concat(Concerning(resourceType, union.Right))
        : Root(expression) is { } root && !IsSelf(root, resourceType) && R4.Definitions.IsResourceType(root) ? []
        : [expression];

    /// <summary>The union of just those sides; the empty set where there are none.</summary>
    public static Expression For(string resourceType, Expression expression) =>
        Concerning(resourceType, expression).Aggregate((Expression?)null, (left, right) => left is null ? right : new Binary("|", left, right, right.Position))
        ?? new EmptySet(expression.Position);

    /// <summary>Whether a name at the start of a path names the resource itself.</summary>
    public static bool IsSelf(string name, string resourceType) => name == resourceType || name is "Resource" or "DomainResource";

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
