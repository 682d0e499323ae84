using System.Collections.Immutable;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Storage.Search.Index;

/// <summary>
/// How composite parameters are kept: what combines elements of the resource itself needs nothing of its own, for then each part
/// holds if its parameter does; what combines elements of a repeating part is kept as tuples.
/// </summary>
public static class CompositeParameters
{
    /// <summary>Whether tuples of the parameter are indexed.</summary>
    public static bool IsTuple(string type, string code) =>
        SearchParameterSet.Indexed.Find(type, code) is { Type: SearchParameterType.Composite } parameter && parameter.Expression != type
        && !ParameterAliases.IsAlias(type, code);

    /// <summary>The parameter of each part, as the definition names them; empty if one is not known.</summary>
    public static ImmutableArray<SearchParameter> PartsOf(SearchParameter composite)
    {
        ArgumentNullException.ThrowIfNull(composite);
        ImmutableArray<SearchParameter> parts = [.. composite.Components.Select(c => SearchParameterSet.Indexed.FindByUrl(c.Definition)).OfType<SearchParameter>()];
        return parts.Length == composite.Components.Length ? parts : [];
    }
}
