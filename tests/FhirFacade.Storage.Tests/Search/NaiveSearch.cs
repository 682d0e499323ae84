using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>
/// The same searches without an index, a plan or SQL: each criterion is held against each resource. It shares the reading of the
/// query and of the resources with the product, and nothing of what lies between.
/// </summary>
internal sealed class NaiveSearch
{
    private readonly ImmutableArray<NaiveResource> resources;
    private readonly ILookup<string, NaiveResource> byType;
    private readonly Dictionary<(string Type, string Id), NaiveResource> byId;
    private readonly Dictionary<string, ImmutableArray<IndexValue>> values;
    private readonly ImmutableArray<NaiveContained> contained;
    private readonly ILookup<(string Type, string Id), (NaiveResource Source, string Parameter)> sources;

    private readonly Dictionary<ElementMask, NaiveSearch> masked = [];
    private readonly NaiveSearch whole;
    private readonly NaiveAccess access;

    /// <summary>Resources in the order in which they were first stored.</summary>
    public NaiveSearch(IEnumerable<(JsonElement Resource, DateTimeOffset LastUpdated)> stored) : this(stored, null)
    {
    }

    private NaiveSearch(IEnumerable<(JsonElement Resource, DateTimeOffset LastUpdated)> stored, NaiveSearch? whole)
    {
        this.whole = whole ?? this;
        access = new NaiveAccess(this.whole);
        resources = [.. stored.Select((r, i) => NaiveResource.Of(r.Resource, r.LastUpdated, i))];
        byType = resources.ToLookup(r => r.Type);
        byId = resources.ToDictionary(r => (r.Type, r.Id));
        sources = resources.SelectMany(r => r.Values.OfType<ReferenceValue>().Select(v => (Target: (v.TargetType, v.TargetId), Source: (r, v.Parameter))))
            .Distinct().ToLookup(x => x.Target, x => x.Source);
        contained = [.. resources.SelectMany(NaiveContained.Of)];
        values = resources.Concat(contained.Select(c => c.Resource)).GroupBy(r => r.Type)
            .ToDictionary(g => g.Key, g => g.SelectMany(r => r.Values).Where(v => v is not ReferenceValue reference || LeadsTo(g.Key, reference)).ToImmutableArray());
        Types = [.. values.Keys];
    }

    public ImmutableArray<NaiveResource> Resources => resources;

    /// <summary>What is contained in them.</summary>
    public ImmutableArray<NaiveContained> Contained => contained;

    /// <summary>What consents leave open of what a grant opens; null: all of it.</summary>
    public Func<NaiveResource, AccessGrant, Interactions, bool>? Consented { get; set; }

    /// <summary>The types of which there are resources.</summary>
    public string[] Types { get; }

    /// <summary>Everything that the search parameters find in resources of the type, but for references that their definitions do not allow.</summary>
    public ImmutableArray<IndexValue> Values(string type) => values.GetValueOrDefault(type, []);

    /// <summary>The ids of the resources of a type.</summary>
    public string[] Ids(string type) => [.. byType[type].Concat(contained.Select(c => c.Resource).Where(r => r.Type == type)).Select(r => r.Id)];

    /// <summary>Which parameters of the type lead to which types.</summary>
    public (string Parameter, string TargetType)[] Links(string type) =>
        [.. Values(type).OfType<ReferenceValue>().Select(v => (v.Parameter, v.TargetType)).Distinct()];

    private static bool LeadsTo(string type, ReferenceValue reference) =>
        SearchParameterSet.Served.Find(type, reference.Parameter)!.Targets.Contains(reference.TargetType);

    /// <summary>Every match that the grant opens, in the order asked for.</summary>
    public ImmutableArray<NaiveResource> Find(SearchQuery query, AccessGrant grant)
    {
        var found = byType[query.Type].Where(r => Allowed(r, grant, Interactions.Search) && query.Criteria.All(c => Holds(r, c, grant)));
        return NaiveOrder.Sort(found, query);
    }

    /// <summary>The matches of a search of several types.</summary>
    public ImmutableArray<NaiveResource> Find(SystemQuery query, AccessGrant grant) =>
        NaiveOrder.Sort(query.Queries.SelectMany(q => Find(q, grant)), query.Queries[0], byName: true);

    /// <summary>The contained resources of the type that match and may be told of, each with its container.</summary>
    public IEnumerable<NaiveContained> FindContained(SearchQuery query, AccessGrant grant) => contained.Where(c => c.Resource.Type == query.Type
        && Allowed(c.Container, grant, Interactions.Search) && AllowedInside(c, grant) && query.Criteria.All(criterion => Holds(c.Resource, criterion, grant)));

    // The type has to be open, and of a patient what is in that patient's resources.
    private bool AllowedInside(NaiveContained inside, AccessGrant grant) => grant.Rules.Any(rule =>
        (rule.ResourceType == "*" || rule.ResourceType == inside.Resource.Type) && rule.Interactions.HasFlag(Interactions.Search)
        && (rule.Context == AccessContext.System || (rule.Context == AccessContext.Patient && grant.PatientId is { } patient
            && (inside.Resource.Type is "Practitioner" or "PractitionerRole" or "Organization" or "Location" || inside.IsOf(patient))))
        && (rule.Filter is null || Passes(inside.Resource, rule.Filter) == true));

    /// <summary>What <c>_include</c> and <c>_revinclude</c> (without iteration) bring to these matches.</summary>
    public IEnumerable<NaiveResource> Included(SearchQuery query, AccessGrant grant, IReadOnlyCollection<NaiveResource> matches)
    {
        var forward = query.Includes.SelectMany(include => matches
            .Where(m => include.SourceType is null || include.SourceType == m.Type)
            .SelectMany(m => m.Values.OfType<ReferenceValue>())
            .Where(v => (include.Reference is null || v.Parameter == include.Reference.Code) && (include.TargetType is null || v.TargetType == include.TargetType))
            .Select(v => byId.GetValueOrDefault((v.TargetType, v.TargetId))).OfType<NaiveResource>().Where(r => Allowed(r, grant, Interactions.Read)));
        var backward = query.RevIncludes.SelectMany(include => matches
            .Where(m => include.TargetType is null || m.Type == include.TargetType)
            .SelectMany(m => sources[(m.Type, m.Id)]
                .Where(s => (include.SourceType is null || s.Source.Type == include.SourceType) && (include.Reference is null || s.Parameter == include.Reference.Code)
                    && SearchParameterSet.Served.Find(s.Source.Type, s.Parameter)!.Targets.Contains(m.Type))
                .Select(s => s.Source).Where(r => Allowed(r, grant, Interactions.Search))));
        return forward.Concat(backward).Distinct().Except(matches);
    }

    /// <summary>The same resources as somebody sees them who is not shown some elements. Who sees which is decided by all of them.</summary>
    public NaiveSearch Without(ElementMask mask)
    {
        if (mask.IsNone)
        {
            return this;
        }

        if (!masked.TryGetValue(mask, out var left))
        {
            masked[mask] = left = new NaiveSearch(resources.Select(r => (NaiveMask.Of(r.Document, mask), r.LastUpdated)), this);
        }

        return left;
    }

    /// <summary>Whether the grant opens the resource.</summary>
    public bool Allowed(NaiveResource resource, AccessGrant grant, Interactions needed)
    {
        // As it is stored, whatever is shown of it.
        var stored = ReferenceEquals(whole, this) ? resource : whole.byId[(resource.Type, resource.Id)];
        return whole.Consented?.Invoke(stored, grant, needed) != false && access.Allows(stored, grant, needed);
    }

    /// <summary>Whether the resource matches a filter; null where that cannot be decided by the resource alone.</summary>
    public bool? Passes(NaiveResource resource, string filter)
    {
        var criteria = filter.Split('&').Select(pair => QueryParser.Parse(resource.Type, SearchDatabase.Parameters(pair), false).Query is { Criteria: [var criterion] } ? criterion : null).ToList();
        return criteria.Exists(criterion => criterion is not (Criterion.Matches or Criterion.Missing)) ? null : criteria.TrueForAll(criterion => Holds(resource, criterion!, AccessGrant.Nothing));
    }

    private bool Holds(NaiveResource resource, Criterion criterion, AccessGrant grant) => criterion switch
    {
        Criterion.Matches { Parameter.Code: "_lastUpdated" } when resource.IsContained => false,
        Criterion.Matches { Parameter.Type: SearchParameterType.Reference, Modifier: SearchModifier.Above or SearchModifier.Below } tree =>
            tree.AnyOf.OfType<SearchValue.Reference>().Any(v => InHierarchy(resource, tree, v, grant)),
        Criterion.Matches { Modifier: SearchModifier.Not or SearchModifier.NotIn } not => !not.AnyOf.Any(v => NaiveMatch.Any(resource, not.Parameter, not.Modifier, v)),
        Criterion.Matches matches => matches.AnyOf.Any(v => NaiveMatch.Any(resource, matches.Parameter, matches.Modifier, v)),
        Criterion.Missing { Parameter.Code: "_id" or "_lastUpdated" } missing => !missing.IsMissing,
        Criterion.Missing missing => missing.IsMissing == !resource.Values.Any(v => v.Parameter == missing.Parameter.Code),
        Criterion.Chain chain => chain.Targets.Any(t => Targets(resource, chain.Reference.Code, t.Type)
            .Any(r => Allowed(r, grant, Interactions.Search) && Holds(r, t.Criterion, grant))),
        Criterion.Has when resource.IsContained => false,
        Criterion.Has has => sources[(resource.Type, resource.Id)].Any(s => s.Source.Type == has.SourceType && s.Parameter == has.Reference.Code
            && Allowed(s.Source, grant, Interactions.Search) && Holds(s.Source, has.Source, grant)),
        Criterion.All all => all.Parts.All(part => Holds(resource, part, grant)),
        Criterion.Any any => any.Parts.Any(part => Holds(resource, part, grant)),
        Criterion.Not not => !Holds(resource, not.Inner, grant),
        Criterion.Word { Anywhere: false } word => NarrativeWords.Of(resource.Document).Contains(word.Normalised),
        Criterion.OfCompartment within => (within.IsOwner && resource.Id == within.Id)
            || resource.Values.OfType<ReferenceValue>().Any(v => v.TargetType == within.Compartment && v.TargetId == within.Id && within.Parameters.Any(p => p.Code == v.Parameter)),
        _ => throw new InvalidOperationException(),
    };

    private IEnumerable<NaiveResource> Targets(NaiveResource from, string parameter, string type) => from.Values.OfType<ReferenceValue>()
        .Where(v => v.Parameter == parameter && v.TargetType == type)
        .Select(v => byId.GetValueOrDefault((v.TargetType, v.TargetId))).OfType<NaiveResource>();

    // The resource named itself is reached by its name alone; every other step goes through resources that the grant opens.
    private bool InHierarchy(NaiveResource resource, Criterion.Matches tree, SearchValue.Reference named, AccessGrant grant)
    {
        var type = named.Type!;
        var parent = SearchParameterSet.Served.Find(type, "partof") ?? SearchParameterSet.Served.Find(type, "part-of");
        if (resource.Values.OfType<ReferenceValue>().Any(v => v.Parameter == tree.Parameter.Code && v.TargetType == type && v.TargetId == named.Id))
        {
            return true;
        }

        return Targets(resource, tree.Parameter.Code, type).Any(target => tree.Modifier == SearchModifier.Below
            ? Below(target, SearchLimits.MaxLevels)
            : Above(target, SearchLimits.MaxLevels));

        bool Below(NaiveResource part, int steps) => steps > 0 && Allowed(part, grant, Interactions.Search)
            && (part.Values.OfType<ReferenceValue>().Any(v => v.Parameter == parent!.Code && v.TargetType == type && v.TargetId == named.Id)
                || Targets(part, parent!.Code, type).Any(whole => Below(whole, steps - 1)));

        bool Above(NaiveResource whole, int steps) => steps > 0 && Allowed(whole, grant, Interactions.Search)
            && sources[(type, whole.Id)].Any(s => s.Source.Type == type && s.Parameter == parent!.Code && Allowed(s.Source, grant, Interactions.Search)
                && (s.Source.Id == named.Id || Above(s.Source, steps - 1)));
    }
}

/// <summary>A resource and what the search parameters find in it.</summary>
internal sealed record NaiveResource(string Type, string Id, int Position, JsonElement Document, ImmutableArray<IndexValue> Values, DateTimeOffset LastUpdated)
{
    public static NaiveResource Of(JsonElement document, DateTimeOffset lastUpdated, int position)
    {
        var type = document.GetProperty("resourceType").GetString()!;
        return new NaiveResource(type, document.GetProperty("id").GetString()!, position, document, SearchIndexer.Extract(type, document), lastUpdated);
    }

    /// <summary>Whether it stands in another resource: nothing refers to it, and it has no time.</summary>
    public bool IsContained { get; init; }

    public PatientMembership Membership { get; } = PatientCompartment.Of(Type, Document);

    public bool Equals(NaiveResource? other) => other is not null && Position == other.Position;

    public override int GetHashCode() => Position;

    /// <summary>The dates of a parameter; of the main date only the outer limits.</summary>
    public IEnumerable<DateValue> Dates(string parameter)
    {
        var dates = Values.OfType<DateValue>().Where(d => d.Parameter == parameter).ToList();
        return parameter == MainDate.Of(Type) && dates.Count > 0
            ? [new DateValue(parameter, dates.Min(d => d.Low), dates.Max(d => d.High))]
            : dates;
    }
}
