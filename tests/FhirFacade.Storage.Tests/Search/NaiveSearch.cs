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

    /// <summary>Resources in the order in which they were first stored.</summary>
    public NaiveSearch(IEnumerable<(JsonElement Resource, DateTimeOffset LastUpdated)> stored)
    {
        resources = [.. stored.Select((r, i) => NaiveResource.Of(r.Resource, r.LastUpdated, i))];
    }

    public ImmutableArray<NaiveResource> Resources => resources;

    /// <summary>Every match that the grant opens, in the order asked for.</summary>
    public ImmutableArray<NaiveResource> Find(SearchQuery query, AccessGrant grant)
    {
        var found = resources.Where(r => r.Type == query.Type && Allowed(r, grant, Interactions.Search) && query.Criteria.All(c => Holds(r, c, grant)));
        return NaiveOrder.Sort(found, query);
    }

    /// <summary>What <c>_include</c> and <c>_revinclude</c> (without iteration) bring to these matches.</summary>
    public IEnumerable<NaiveResource> Included(SearchQuery query, AccessGrant grant, IReadOnlyCollection<NaiveResource> matches)
    {
        var forward = query.Includes.SelectMany(include => matches
            .Where(m => include.SourceType is null || include.SourceType == m.Type)
            .SelectMany(m => m.Values.OfType<ReferenceValue>())
            .Where(v => (include.Reference is null || v.Parameter == include.Reference.Code) && (include.TargetType is null || v.TargetType == include.TargetType))
            .SelectMany(v => resources.Where(r => r.Type == v.TargetType && r.Id == v.TargetId && Allowed(r, grant, Interactions.Read))));
        var backward = query.RevIncludes.SelectMany(include => resources
            .Where(r => r.Type == include.SourceType && Allowed(r, grant, Interactions.Search)
                && r.Values.OfType<ReferenceValue>().Any(v => (include.Reference is null || v.Parameter == include.Reference.Code)
                    && matches.Any(m => m.Type == v.TargetType && m.Id == v.TargetId))));
        return forward.Concat(backward).Distinct().Except(matches);
    }

    /// <summary>Whether the grant opens the resource, straight from the words of its rules.</summary>
    public bool Allowed(NaiveResource resource, AccessGrant grant, Interactions needed)
    {
        return grant.Rules.Any(rule => (rule.ResourceType == "*" || rule.ResourceType == resource.Type) && (rule.Interactions & needed) == needed
            && rule.Context switch
            {
                AccessContext.System => true,
                AccessContext.Patient => grant.PatientId is { } patient && IsOf(resource, patient),
                _ => false,
            }
            && Passes(resource, rule.Filter));
    }

    private static bool IsOf(NaiveResource resource, string patient)
    {
        return resource.Type is "Practitioner" or "PractitionerRole" or "Organization" or "Location"
            || (PatientCompartment.Of(resource.Type, resource.Document) is PatientMembership.One one && one.PatientId == patient);
    }

    private bool Passes(NaiveResource resource, string? filter)
    {
        return filter is null || filter.Split('&').All(pair =>
            QueryParser.Parse(resource.Type, SearchDatabase.Parameters(pair), false).Query is { Criteria: [var criterion] }
            && criterion is Criterion.Matches or Criterion.Missing
            && Holds(resource, criterion, AccessGrant.Nothing));
    }

    private bool Holds(NaiveResource resource, Criterion criterion, AccessGrant grant) => criterion switch
    {
        Criterion.Matches { Modifier: SearchModifier.Not } not => !not.AnyOf.Any(v => NaiveMatch.Any(resource, not.Parameter, not.Modifier, v)),
        Criterion.Matches matches => matches.AnyOf.Any(v => NaiveMatch.Any(resource, matches.Parameter, matches.Modifier, v)),
        Criterion.Missing { Parameter.Code: "_id" or "_lastUpdated" } missing => !missing.IsMissing,
        Criterion.Missing missing => missing.IsMissing == !resource.Values.Any(v => v.Parameter == missing.Parameter.Code),
        Criterion.Chain chain => chain.Targets.Any(t => resources.Any(r => r.Type == t.Type && Refers(resource, chain.Reference, r)
            && Allowed(r, grant, Interactions.Search) && Holds(r, t.Criterion, grant))),
        Criterion.Has has => resources.Any(r => r.Type == has.SourceType && Refers(r, has.Reference, resource)
            && Allowed(r, grant, Interactions.Search) && Holds(r, has.Source, grant)),
        _ => throw new InvalidOperationException(),
    };

    private static bool Refers(NaiveResource from, SearchParameter parameter, NaiveResource to)
    {
        return from.Values.OfType<ReferenceValue>().Any(v => v.Parameter == parameter.Code && v.TargetType == to.Type && v.TargetId == to.Id);
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
