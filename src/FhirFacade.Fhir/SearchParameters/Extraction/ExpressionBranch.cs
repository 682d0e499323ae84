using FhirFacade.Fhir.FhirPath.Syntax;

namespace FhirFacade.Fhir.SearchParameters.Extraction;

/// <summary>One side of the union that a search parameter's expression is, as one resource type sees it.</summary>
/// <param name="FirstElement">The element of the resource that it starts with; null where it does not simply start with one.</param>
/// <param name="Rest">What follows, with that element (else the resource) as <c>$this</c>.</param>
internal sealed record ExpressionBranch(string? FirstElement, Expression Rest)
{
    /// <summary>
    /// The branches that concern the type. Parameters of several types name them all in one union; branches that start at
    /// another type find nothing and are left out.
    /// </summary>
    public static IEnumerable<ExpressionBranch> Of(string resourceType, Expression expression)
    {
        foreach (var branch in UnionSides.Concerning(resourceType, expression))
        {
            string? element = null;
            yield return TryCut(branch, resourceType, ref element) is { } rest
                ? new ExpressionBranch(element, rest)
                : new ExpressionBranch(null, branch);
        }
    }

    /// <summary>
    /// The expression with its start (<c>Type.element</c>) replaced by <c>$this</c>; null where the start is another or the
    /// way to it passes through anything but steps, filters and casts.
    /// </summary>
    private static Expression? TryCut(Expression expression, string resourceType, ref string? element)
    {
        switch (expression)
        {
            case Member { Source: Member { Source: null } root } member when UnionSides.IsSelf(root.Name, resourceType):
                element = member.Name;
                return new SpecialVariable("this", member.Position);
            case Member { Source: { } source } member:
                return TryCut(source, resourceType, ref element) is { } path ? new Member(path, member.Name, member.Position) : null;
            case TypeOperation { Operator: "as" } cast:
                return TryCut(cast.Operand, resourceType, ref element) is { } operand ? new TypeOperation("as", operand, cast.Type, cast.Position) : null;
            case Call { Name: "where" or "as" or "ofType" or "extension", Source: { } source } call:
                return TryCut(source, resourceType, ref element) is { } filtered ? new Call(filtered, call.Name, call.Arguments, call.Position) : null;
            case Indexer { Index: Literal } indexer:
                return TryCut(indexer.Source, resourceType, ref element) is { } list ? new Indexer(list, indexer.Index, indexer.Position) : null;
            default:
                return null;
        }
    }
}
