using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;

namespace FhirFacade.Server.Rest.Terminologies;

/// <summary>
/// The terminology that counts for a caller: that of R4, US Core and the packages, which is everybody's, and what is stored and open to the caller's grant.
/// </summary>
/// <remarks>What is not everybody's never takes the place of what is: a stored value set cannot change what a search or an answer means that names one of R4.</remarks>
internal sealed class TerminologySources(SiteDefinitions definitions, ResourceReader resources, SearchExecutor executor, SmartSettings settings, TimeProvider clock)
{
    private const int Most = 100;
    private const int Remembered = 256;

    private readonly ConcurrentDictionary<(string Type, string Id, int Version, string Url), object?> read = new();

    /// <summary>What a search needs to know of value sets and code systems; null where it names none.</summary>
    public async Task<TerminologySet?> OfSearchAsync(IEnumerable<KeyValuePair<string, string>> parameters, AccessGrant grant, CancellationToken cancellationToken)
    {
        var links = TerminologyLink.In(parameters).ToList();
        return links.Count == 0 ? null : await WithAsync(links, grant, cancellationToken);
    }

    /// <summary>What is everybody's, with what is stored under the links and what that builds on.</summary>
    /// <param name="links">What is asked about.</param>
    /// <param name="grant">Whose question it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="given">Resources that came with the question.</param>
    public async Task<TerminologySet> WithAsync(IEnumerable<TerminologyLink> links, AccessGrant grant, CancellationToken cancellationToken, params IEnumerable<object> given)
    {
        var common = definitions.Terminology;
        var found = new List<object>(given);
        var open = new Queue<TerminologyLink>(found.SelectMany(Named).Concat(links));
        var asked = new HashSet<TerminologyLink>();
        while (open.TryDequeue(out var link) && found.Count < Most)
        {
            if (!asked.Add(link) || IsIn(common, link) || await FindAsync(link, grant, cancellationToken) is not { } stored)
            {
                continue;
            }
            found.Add(stored);
            foreach (var next in Named(stored))
            {
                open.Enqueue(next);
            }
        }
        return found.Count == 0 ? common : common.With(new Package("stored", "0")
        {
            ValueSets = [.. found.OfType<ValueSet>()],
            CodeSystems = [.. found.OfType<CodeSystem>()],
            ConceptMaps = [.. found.OfType<ConceptMap>()],
        });
    }

    /// <summary>The stored concept maps from and to code systems, as far as the grant opens them.</summary>
    public async Task<IReadOnlyList<object>> MapsAsync(string? source, string? target, AccessGrant grant, CancellationToken cancellationToken)
    {
        var criteria = new[] { ("source-system", source), ("target-system", target) }.Where(c => c.Item2 is not null).Select(c => KeyValuePair.Create(c.Item1, Escaped(c.Item2!)));
        var (_, plan, _) = PlannedSearch.Of("ConceptMap", [.. criteria], grant, clock, query => query with { Count = Most });
        return plan is null ? [] : [.. (await executor.ExecuteAsync(plan, cancellationToken)).Matches.Select(match => Read(match, null)).OfType<ConceptMap>().Where(map => definitions.Terminology.ConceptMap(map.Url) is null)];
    }

    /// <summary>A resource as terminology; null for one that cannot be. One without a url gets the one that is given.</summary>
    public static object? Read(JsonElement resource, string url)
    {
        if (!resource.TryGetProperty("url", out _))
        {
            var named = JsonObject.Create(resource.Clone())!;
            named["url"] = url;
            resource = JsonElement.Parse(named.ToJsonString());
        }
        return resource.GetProperty("resourceType").GetString() switch
        {
            "ValueSet" => ValueSet.Read(resource),
            "CodeSystem" => CodeSystem.Read(resource),
            "ConceptMap" => ConceptMap.Read(resource),
            _ => null,
        };
    }

    // A parsed resource is kept by its version, which never changes; that it may be seen is asked anew each time.
    private object? Read(StoredResource stored, string? url)
    {
        if (read.Count > Remembered)
        {
            read.Clear();
        }
        return read.GetOrAdd((stored.Type, stored.Id, stored.Version, url ?? ""), _ =>
        {
            var own = $"{settings.FhirBase}/{stored.Type}/{stored.Id}";
            var known = Read(JsonElement.Parse(stored.Doc.Span), own);
            return url is null ? known : known switch
            {
                ValueSet set => set with { Url = url },     // named by its address, it is looked for by that
                ConceptMap map => map with { Url = url },
                _ => known,
            };
        });
    }

    private async Task<object?> FindAsync(TerminologyLink link, AccessGrant grant, CancellationToken cancellationToken)
    {
        var address = link.Url.StartsWith(settings.FhirBase + "/", StringComparison.Ordinal) ? link.Url[(settings.FhirBase.Length + 1)..] : link.Url;
        if (address.Split('/') is [var type, var id] && type == link.Type && Address.IsId(id))
        {
            return await resources.ReadAsync(type, id, grant, cancellationToken) is ReadOutcome.Found(var one) ? Read(one, link.Url) : null;
        }
        var (url, version) = link.Url.Split('|', 2) is [var plain, var named] ? (plain, named) : (link.Url, null);
        List<KeyValuePair<string, string>> criteria = [new("url", Escaped(url)), new("_sort", "-_lastUpdated")];
        if (version is not null)
        {
            criteria.Add(new("version", Escaped(version)));
        }
        var (_, plan, _) = PlannedSearch.Of(link.Type, criteria, grant, clock, query => query with { Count = 1 });
        return plan is not null && (await executor.ExecuteAsync(plan, cancellationToken)).Matches is [var match, ..] ? Read(match, null) : null;
    }

    private static IEnumerable<TerminologyLink> Named(object resource) => resource switch
    {
        ValueSet set => set.Includes.Concat(set.Excludes).SelectMany(part => part.ValueSets.Select(url => new TerminologyLink("ValueSet", url))
            .Concat(part.System is null ? [] : [new TerminologyLink("CodeSystem", part.System)])),
        ConceptMap map => map.Groups.Select(group => group.Unmapped?.Map).OfType<string>().Select(url => new TerminologyLink("ConceptMap", url)),
        _ => [],
    };

    private static bool IsIn(TerminologySet terminology, TerminologyLink link) => link.Type switch
    {
        "ValueSet" => terminology.ValueSet(link.Url) is not null,
        "CodeSystem" => terminology.CodeSystem(link.Url) is not null,
        _ => terminology.ConceptMap(link.Url) is not null,
    };

    private static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)
        .Replace("$", "\\$", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
}
