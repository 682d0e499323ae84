using System.Collections.Frozen;
using System.Collections.Immutable;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>All search parameters known for each resource type. Immutable, safe to share.</summary>
public sealed class SearchParameterSet
{
    private static readonly Lazy<SearchParameterSet> r4 =
        new(() => new SearchParameterSet(SearchParameterFile.ReadR4(), Definitions.R4.Definitions.ResourceTypes));

    private readonly FrozenDictionary<string, ImmutableArray<SearchParameter>> byType;
    private readonly FrozenDictionary<(string Type, string Code), SearchParameter> byCode;
    private readonly FrozenDictionary<string, SearchParameter> byUrl;

    /// <summary>A set of its own, as a site with further parameters has it.</summary>
    /// <param name="parameters">The parameters; of two with the same code for the same type the later one counts.</param>
    /// <param name="resourceTypes">The types that parameters of all resources apply to.</param>
    public SearchParameterSet(IEnumerable<SearchParameter> parameters, IEnumerable<string> resourceTypes)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(resourceTypes);
        ImmutableArray<SearchParameter> all = [.. parameters];
        var types = resourceTypes.Union(all.SelectMany(p => p.Bases).Where(type => !IsForAll(type))).ToDictionary(type => type, _ => new SortedDictionary<string, SearchParameter>(StringComparer.Ordinal));
        foreach (var parameter in all)
        {
            foreach (var type in parameter.Bases.Any(IsForAll) ? types.Keys : parameter.Bases.Where(types.ContainsKey))
            {
                types[type][parameter.Code] = parameter;
            }
        }

        byType = types.ToFrozenDictionary(type => type.Key, type => type.Value.Values.ToImmutableArray());
        byCode = types.SelectMany(type => type.Value.Values.Select(p => (Key: (type.Key, p.Code), p))).ToFrozenDictionary(x => x.Key, x => x.p);
        byUrl = all.DistinctBy(p => p.Url).ToFrozenDictionary(p => p.Url);
    }

    /// <summary>The search parameters of the R4 specification, read on first use.</summary>
    public static SearchParameterSet R4 => r4.Value;

    /// <summary>The parameter that <paramref name="code"/> names for the type, or null. Case matters.</summary>
    public SearchParameter? Find(string resourceType, string code) => byCode.GetValueOrDefault((resourceType, code));

    /// <summary>The parameter with this canonical URL, or null.</summary>
    public SearchParameter? FindByUrl(string url) => byUrl.GetValueOrDefault(url);

    /// <summary>
    /// Every parameter of the type by code, those of all resources (<c>_id</c>, <c>_lastUpdated</c> ...) included; empty for an
    /// unknown type.
    /// </summary>
    public IReadOnlyList<SearchParameter> For(string resourceType) => byType.GetValueOrDefault(resourceType, []);

    private static bool IsForAll(string type) => type is "Resource" or "DomainResource";
}
