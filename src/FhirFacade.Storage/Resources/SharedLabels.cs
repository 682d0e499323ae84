using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Sensitivity;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// Gives resources that are about to be written the labels of those that they share content with (<see cref="LabelledReferences"/>), and brings what is stored along where
/// something that it refers to has got a label. Inside the writer's transaction.
/// </summary>
/// <param name="connection">With the writer's transaction.</param>
/// <param name="now">When.</param>
/// <param name="earlier">What the transaction has written before that refers to others so, kept up to date here; null where anybody may refer to anything.</param>
internal sealed class SharedLabels(NpgsqlConnection connection, DateTimeOffset now, HashSet<(string Type, string Id)>? earlier = null)
{
    // Report, panel, member: what is further away has had its labels passed on before.
    private const int Rounds = 3;

    private readonly Dictionary<(string, string), ImmutableArray<SecurityLabel>> before = [];

    /// <summary>The versions as they are to be written, in their order, and after them those of others that come along.</summary>
    /// <param name="versions">At most one of a resource, but for <paramref name="passing"/>.</param>
    /// <param name="passing">How many at the end are not current: they get labels and give none.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    public async Task<List<NewVersion>> ApplyAsync(IEnumerable<NewVersion> versions, int passing, CancellationToken cancellationToken)
    {
        var all = versions.ToList();
        var current = all.Count - passing;
        var known = new Dictionary<(string, string), ImmutableArray<SecurityLabel>>();
        for (var i = 0; i < current; i++)
        {
            known[(all[i].Type, all[i].Id)] = all[i].Image.HasMadeLabels ? LabelsIn(all[i].Doc) : [];
        }

        // Nothing refers to anything in most of what is written.
        var references = all.Select(version => LabelledReferences.MayBeIn(version.Type, version.Image.Content) ? LabelledReferences.In(version.Type, version.Doc) : []).ToList();
        var written = all.Take(current).Select(version => (version.Type, version.Id)).ToHashSet();
        var asked = new HashSet<(string, string)>();
        var fresh = earlier is null ? [] : all.Where(IsUnknown).Select(version => (version.Type, version.Id)).ToHashSet();
        for (var round = 0; round < Rounds; round++)
        {
            var unknown = references.SelectMany(list => list).Where(reference => !known.ContainsKey(reference)).Distinct().ToList();
            await LoadAsync(unknown, known, cancellationToken);
            var hasChanged = false;
            for (var i = 0; i < all.Count; i++)
            {
                if (Shared(all[i], references[i], known) is { } labelled)
                {
                    all[i] = labelled;
                    hasChanged = true;
                    if (i < current || i >= current + passing)
                    {
                        known[(labelled.Type, labelled.Id)] = LabelsIn(labelled.Doc);
                    }
                }
            }

            var sources = known.Where(item => !item.Value.IsEmpty && written.Contains(item.Key) && asked.Add(item.Key)).Select(item => item.Key).ToList();
            foreach (var row in await ReferrersAsync(sources, fresh, written, cancellationToken))
            {
                all.Add(Following(row));
                references.Add(LabelledReferences.In(row.Type, row.Doc));
                written.Add((row.Type, row.Id));
                known[(row.Type, row.Id)] = LabelsIn(row.Doc);
                hasChanged = true;
            }

            if (!hasChanged)
            {
                break;
            }
        }

        earlier?.UnionWith(all.Where((_, i) => references[i].Count > 0).Select(version => (version.Type, version.Id)));

        // Those that came along and had all labels before need no new version.
        return [.. all.Where((version, i) => i < current + passing || !IsAsBefore(version))];
    }

    // Nobody can have referred to an id that the server has just made up, but for what was written with it.
    private static bool IsUnknown(NewVersion version) => version is { Method: "POST", Replaces: 0 };

    private bool IsAsBefore(NewVersion version) => before[(version.Type, version.Id)].ToHashSet().SetEquals(LabelsIn(version.Doc));

    private NewVersion Following(StoredRow row)
    {
        before[(row.Type, row.Id)] = LabelsIn(row.Doc);
        return NewVersion.After(row, ResourceImage.Of(row.Type, row.Id, JsonElement.Parse(row.Doc!)), "PUT", null, now);
    }

    private static NewVersion? Shared(NewVersion version, IReadOnlyCollection<(string, string)> references, Dictionary<(string, string), ImmutableArray<SecurityLabel>> known)
    {
        var lent = references.SelectMany(reference => known[reference]).ToList();
        if (lent.Count == 0)
        {
            return null;
        }

        var document = JsonElement.Parse(version.Doc);
        var labelled = SecurityLabels.WithMade(document, SensitivityRules.Highest(lent.Concat(SecurityLabels.In(document, madeOnly: true))));
        return SecurityLabels.In(labelled).ToHashSet().SetEquals(SecurityLabels.In(document))
            ? null
            : new(version.Type, version.Id, version.Version, version.Replaces, version.LastUpdated, version.Method, version.Source, ResourceImage.Labelled(version.Type, version.Id, labelled, version.Hash));
    }

    // What the server has found is shared. What somebody has said of one resource is said of just that one.
    private static ImmutableArray<SecurityLabel> LabelsIn(ReadOnlySpan<byte> doc)
    {
        if (!SecurityLabels.MayBeIn(doc))
        {
            return [];
        }

        var reader = new Utf8JsonReader(doc);
        using var document = JsonDocument.ParseValue(ref reader);
        return SecurityLabels.In(document.RootElement, madeOnly: true);
    }

    /// <summary>The labels of stored resources that they share with what refers to them: none for one that has none, or is not there.</summary>
    public async Task LoadAsync(IReadOnlyCollection<(string Type, string Id)> unknown, Dictionary<(string, string), ImmutableArray<SecurityLabel>> known, CancellationToken cancellationToken)
    {
        foreach (var reference in unknown)
        {
            known[reference] = [];
        }

        await using var batch = new NpgsqlBatch(connection);
        var types = new List<string>();
        foreach (var ofType in unknown.Where(reference => ResourceTables.Has(reference.Type)).GroupBy(reference => reference.Type, StringComparer.Ordinal))
        {
            types.Add(ofType.Key);
            batch.BatchCommands.Add(new($"select id, json_build_object('meta', doc -> 'meta')::text from {ResourceTables.NameOf(ofType.Key)} where id = any($1) and doc -> 'meta' -> 'security' is not null")
            {
                Parameters = { new() { Value = ofType.Select(reference => reference.Id).ToArray() } },
            });
        }

        if (types.Count == 0)
        {
            return;
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var type in types)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                known[(type, reader.GetString(0))] = SecurityLabels.In(JsonElement.Parse(reader.GetString(1)), madeOnly: true);
            }

            await reader.NextResultAsync(cancellationToken);
        }
    }

    // Whoever refers to something labelled and is not written anyway. To what is fresh only earlier writes of the transaction can refer.
    private async Task<List<StoredRow>> ReferrersAsync(
        List<(string Type, string Id)> sources, HashSet<(string, string)> fresh, HashSet<(string, string)> written, CancellationToken cancellationToken)
    {
        var known = sources.Where(source => !fresh.Contains(source)).ToList();
        var made = earlier is { Count: > 0 } ? sources.Where(fresh.Contains).ToList() : [];
        if (known.Count == 0 && made.Count == 0)
        {
            return [];
        }

        var found = new HashSet<(string Type, string Id, bool)>();
        await using var batch = new NpgsqlBatch(connection);
        var types = new List<string>();
        foreach (var ofType in LabelledReferences.Referrers.GroupBy(referrer => referrer.Type, referrer => referrer.Parameter, StringComparer.Ordinal))
        {
            if (known.Count > 0)
            {
                types.Add(ofType.Key);
                batch.BatchCommands.Add(new($"select id from {ResourceTables.NameOf(ofType.Key)} where terms && $1") { Parameters = { new() { Value = TermsOf(ofType, known) } } });
            }

            if (made.Count > 0 && earlier!.Where(row => row.Type == ofType.Key).Select(row => row.Id).ToArray() is { Length: > 0 } ids)
            {
                types.Add(ofType.Key);
                batch.BatchCommands.Add(new($"select t.id from unnest($1) as w (id) join {ResourceTables.NameOf(ofType.Key)} t on t.id = w.id where t.terms && $2")
                {
                    Parameters = { new() { Value = ids }, new() { Value = TermsOf(ofType, made) } },
                });
            }
        }

        if (types.Count == 0)
        {
            return [];
        }

        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            foreach (var type in types)
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    found.Add((type, reader.GetString(0), true));
                }

                await reader.NextResultAsync(cancellationToken);
            }
        }

        found.RemoveWhere(row => written.Contains((row.Type, row.Id)));
        return found.Count == 0 ? [] : [.. (await StoredRows.LoadAsync(connection, found, cancellationToken)).Values.Where(row => row is { Exists: true, Doc: not null })];
    }

    private static long[] TermsOf(IEnumerable<string> parameters, List<(string Type, string Id)> sources) =>
        [.. parameters.SelectMany(parameter => sources.Select(source => Terms.Reference(parameter, source.Type, source.Id)))];
}
