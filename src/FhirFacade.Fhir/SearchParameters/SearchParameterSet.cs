using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>All search parameters known for each resource type. Immutable, safe to share.</summary>
public sealed class SearchParameterSet
{
    private static readonly Lazy<SearchParameterSet> r4 =
        new(() => new SearchParameterSet(SearchParameterFile.ReadR4(), Definitions.R4.Definitions.ResourceTypes));

    private static readonly Lazy<SearchParameterSet> builtIn = new(() => R4.Adding(SearchParameterFile.ReadUsCore()));
    private static Serving? serving;

    private readonly ImmutableArray<SearchParameter> all;
    private readonly ImmutableArray<string> types;
    private readonly SearchParameterSet? below;
    private readonly FrozenDictionary<string, ImmutableArray<SearchParameter>> byType;
    private readonly FrozenDictionary<(string Type, string Code), SearchParameter> byCode;
    private readonly FrozenDictionary<string, SearchParameter> byUrl;
    private readonly ConcurrentDictionary<string, TypeIndexer> indexers = new(StringComparer.Ordinal);

    /// <summary>A set of its own.</summary>
    /// <param name="parameters">The parameters; of two with the same code for the same type the later one counts.</param>
    /// <param name="resourceTypes">The types that parameters of all resources apply to.</param>
    public SearchParameterSet(IEnumerable<SearchParameter> parameters, IEnumerable<string> resourceTypes)
        : this([.. parameters], [.. resourceTypes], null)
    {
    }

    private SearchParameterSet(ImmutableArray<SearchParameter> all, ImmutableArray<string> types, SearchParameterSet? below)
    {
        (this.all, this.types, this.below) = (all, types, below);
        var tables = types.Union(all.SelectMany(p => p.Bases).Where(type => !IsForAll(type)))
            .ToDictionary(type => type, _ => new SortedDictionary<string, SearchParameter>(StringComparer.Ordinal));
        foreach (var parameter in all)
        {
            foreach (var type in TypesOf(parameter, tables.Keys))
            {
                tables[type][parameter.Code] = parameter;
            }
        }

        byType = tables.ToFrozenDictionary(type => type.Key, type => type.Value.Values.ToImmutableArray());
        byCode = tables.SelectMany(type => type.Value.Values.Select(p => (Key: (type.Key, p.Code), p))).ToFrozenDictionary(x => x.Key, x => x.p);
        byUrl = all.Reverse().DistinctBy(p => p.Url).ToFrozenDictionary(p => p.Url);
    }

    /// <summary>The search parameters of the R4 specification, read on first use.</summary>
    public static SearchParameterSet R4 => r4.Value;

    /// <summary>
    /// Those of R4, and those that US Core adds. Where US Core repeats a parameter of R4, often narrower, R4's stands: it finds
    /// all that US Core's finds. Of two versions of US Core the newer one counts.
    /// </summary>
    public static SearchParameterSet BuiltIn => builtIn.Value;

    /// <summary>What this process indexes and searches by: <see cref="BuiltIn"/>, unless <see cref="Serve"/> has said otherwise.</summary>
    public static SearchParameterSet Served => Volatile.Read(ref serving)?.Searched ?? BuiltIn;

    /// <summary>What resources are indexed by: <see cref="Served"/>, and what is not searched by before every resource is indexed by it.</summary>
    public static SearchParameterSet Indexed => Volatile.Read(ref serving)?.Indexed ?? BuiltIn;

    /// <summary>Makes a set the one that is searched and indexed by.</summary>
    public static void Serve(SearchParameterSet set) => Serve(set, set);

    /// <summary>Makes one set the one that is searched by, and another, which holds all of it, the one that is indexed by.</summary>
    public static void Serve(SearchParameterSet searched, SearchParameterSet indexed) => Volatile.Write(ref serving, new(searched, indexed));

    /// <summary>Which state of a site's own parameters the set is of, where that state has a number; 0 for a set without any.</summary>
    public long Generation { get; private init; }

    /// <summary>The same set, as that of a numbered state of a site's own parameters.</summary>
    public SearchParameterSet Of(long generation) => new(all, types, this) { Generation = generation };

    /// <summary>Every parameter, each once; of those that were replaced only the last.</summary>
    public IEnumerable<SearchParameter> All => byCode.Values.Distinct(ReferenceEqualityComparer.Instance).Cast<SearchParameter>();

    /// <summary>The parameter that <paramref name="code"/> names for the type, or null. Case matters.</summary>
    public SearchParameter? Find(string resourceType, string code) => byCode.GetValueOrDefault((resourceType, code));

    /// <summary>The parameter with this canonical URL, or null.</summary>
    public SearchParameter? FindByUrl(string url) => byUrl.GetValueOrDefault(url);

    /// <summary>
    /// Every parameter of the type by code, those of all resources (<c>_id</c>, <c>_lastUpdated</c> ...) included; empty for an
    /// unknown type.
    /// </summary>
    public IReadOnlyList<SearchParameter> For(string resourceType) => byType.GetValueOrDefault(resourceType, []);

    /// <summary>
    /// This set and one SearchParameter resource, as a site brings it. The same set, with issues that have a location in the
    /// resource, where it lacks something, names what does not exist, or takes the code of another parameter of the type. A
    /// resource of the same url replaces the one that was added before; R4's own parameters cannot be replaced.
    /// </summary>
    public SearchParameterAddition With(JsonElement resource)
    {
        var (parameter, issues) = SearchParameterReader.Read(resource);
        return parameter is null ? new(this, issues) : With(parameter);
    }

    /// <summary>As <see cref="With(JsonElement)"/>, for a parameter that has been read.</summary>
    public SearchParameterAddition With(SearchParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ImmutableArray<Issue> issues = [.. SearchParameterCheck.Issues(parameter, this)];
        return issues.IsEmpty
            ? new(new SearchParameterSet([.. all.Where(p => p.Url != parameter.Url), parameter], types, byUrl.ContainsKey(parameter.Url) ? null : this), issues)
            : new(this, issues);
    }

    /// <summary>
    /// This set and what a package brings. Parameters that a type has already, under whatever url, stay as they are; those that
    /// cannot be used are left out, each with an issue.
    /// </summary>
    public SearchParameterAddition With(IEnumerable<SearchParameter> parameters)
    {
        var next = this;
        var issues = ImmutableArray.CreateBuilder<Issue>();

        // A composite may be built of others that the same package brings.
        foreach (var parameter in parameters.OrderBy(p => p.Type == SearchParameterType.Composite))
        {
            if (NewOf(parameter, next) is not { } added)
            {
                continue;
            }

            var refused = SearchParameterCheck.Issues(added, next).FirstOrDefault();
            if (refused is null)
            {
                next = next.Adding([added]);
            }
            else
            {
                issues.Add(Issue.Warning(refused.Code, $"The search parameter {parameter.Url} is left out: {refused.Diagnostics}", refused.Expression));
            }
        }

        return new(next, issues.ToImmutable());
    }

    /// <summary>The compiled parameters of a type; none for a type that is not of R4.</summary>
    internal TypeIndexer Indexer(string resourceType)
    {
        if (indexers.TryGetValue(resourceType, out var known))
        {
            return known;
        }

        if (!Definitions.R4.Definitions.IsResourceType(resourceType))
        {
            return new TypeIndexer(resourceType, this);
        }

        var indexer = below is not null && For(resourceType).SequenceEqual(below.For(resourceType)) ? below.Indexer(resourceType) : new TypeIndexer(resourceType, this);
        return indexers.GetOrAdd(resourceType, indexer);
    }

    private static IEnumerable<string> TypesOf(SearchParameter parameter, IReadOnlyCollection<string> types) =>
        parameter.Bases.Contains("Resource") ? types
        : parameter.Bases.Contains("DomainResource") ? types.Where(type => ModelType.Find(type)?.IsA("DomainResource") ?? true)
        : parameter.Bases.Where(types.Contains);

    private static bool IsForAll(string type) => type is "Resource" or "DomainResource";

    /// <summary>The parameter for those types that have none of its code; null where there are none.</summary>
    private static SearchParameter? NewOf(SearchParameter parameter, SearchParameterSet set)
    {
        if (parameter.Bases.Any(IsForAll))
        {
            return set.types.Any(type => set.Find(type, parameter.Code) is not null) ? null : parameter;
        }

        ImmutableArray<string> bases = [.. parameter.Bases.Where(type => set.Find(type, parameter.Code) is null)];
        return bases.IsEmpty ? null : bases.Length == parameter.Bases.Length ? parameter : parameter with { Bases = bases };
    }

    private SearchParameterSet Adding(IEnumerable<SearchParameter> parameters)
    {
        var added = new List<SearchParameter>();
        var codes = new HashSet<(string, string)>();
        foreach (var parameter in parameters)
        {
            if (NewOf(parameter, this) is { } one && one.Bases.All(type => codes.Add((type, one.Code))))
            {
                added.Add(one);
            }
        }

        return new SearchParameterSet([.. all, .. added], types, this);
    }

    /// <summary>What is searched by and what is indexed by change together.</summary>
    private sealed record Serving(SearchParameterSet Searched, SearchParameterSet Indexed);
}
