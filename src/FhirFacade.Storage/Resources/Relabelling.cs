using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Sensitivity;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Reindex;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// Labels what is stored by the rules that are in force, where it was written by others: current versions get a new version, and of earlier ones the index is told, so that
/// who is not entitled to what they hold does not find them either. Step by step, each a transaction; what was done is done, whichever server goes on.
/// </summary>
public sealed class Relabelling(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>How many rows a step looks at.</summary>
    public const int Batch = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly string[] Types = [.. ResourceTables.Types.Where(SensitivityRules.IsLabelled).Order(StringComparer.Ordinal)];

    /// <summary>Does the next step.</summary>
    /// <returns>False when every type has been labelled by the rules.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var rules = SensitivityRules.Served;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await IsDoneAsync(connection, rules.Fingerprint, cancellationToken))
        {
            return false;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            if (await NextAsync(connection, rules.Fingerprint, cancellationToken) is not { } progress)
            {
                // What is left, another server is at.
                await Task.Delay(Patience, clock, cancellationToken);
            }
            else
            {
                await SaveAsync(connection, progress.IsHistory ? await PastAsync(connection, progress, rules, cancellationToken) : await CurrentAsync(connection, progress, rules, cancellationToken), cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception exception) when (DatabaseTrouble.IsConflict(exception))
        {
            // Somebody writes the same: the step is done again.
            await transaction.RollbackAsync(cancellationToken);
            await SiteParameters.RefreshAsync(connection, cancellationToken);
        }

        return true;
    }

    private sealed record Progress(string Type, long Rules, long Rid, bool IsHistory, string Id, int Version, bool IsFinished);

    private static async Task<bool> IsDoneAsync(NpgsqlConnection connection, long rules, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select count(*) = $2 from label_type where type = any($3) and rules = $1 and finished", connection)
        {
            Parameters = { new() { Value = rules }, new() { Value = (long)Types.Length }, new() { Value = Types } },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    // Types of which nothing was ever stored need nobody to look.
    private static async Task<Progress?> NextAsync(NpgsqlConnection connection, long rules, CancellationToken cancellationToken)
    {
        await using (var begin = new NpgsqlBatch(connection))
        {
            begin.BatchCommands.Add(new("insert into label_type (type, rules) select t, $2 from unnest($1) t on conflict (type) do nothing") { Parameters = { new() { Value = Types }, new() { Value = rules } } });
            begin.BatchCommands.Add(new("""
                update label_type set rules = $2, after_rid = 0, is_history = false, after_id = '', after_version = 0, finished = false where type = any($1) and rules <> $2
                """)
            { Parameters = { new() { Value = Types }, new() { Value = rules } } });
            begin.BatchCommands.Add(new(
                $"""
                update label_type set finished = true where not finished and rules = $1 and after_rid = 0 and not is_history and type in (
                {string.Join(" union all ", Types.Select(type => $"select '{type}' where not exists (select from {ResourceTables.NameOf(type)}) and not exists (select from history where type = '{type}')"))})
                """)
            { Parameters = { new() { Value = rules } } });
            await begin.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = new NpgsqlCommand(
            "select type, rules, after_rid, is_history, after_id, after_version from label_type where type = any($1) and rules = $2 and not finished and (not is_history or not exists (select from label_type u where u.rules = $2 and not u.finished and not u.is_history)) order by type limit 1 for update skip locked", connection)
        {
            Parameters = { new() { Value = Types }, new() { Value = rules } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetBoolean(3), reader.GetString(4), reader.GetInt32(5), false)
            : null;
    }

    private static async Task SaveAsync(NpgsqlConnection connection, Progress progress, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("update label_type set after_rid = $2, is_history = $3, after_id = $4, after_version = $5, finished = $6 where type = $1 and rules = $7", connection)
        {
            Parameters =
            {
                new() { Value = progress.Type }, new() { Value = progress.Rid }, new() { Value = progress.IsHistory }, new() { Value = progress.Id }, new() { Value = progress.Version },
                new() { Value = progress.IsFinished }, new() { Value = progress.Rules },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<Progress> CurrentAsync(NpgsqlConnection connection, Progress progress, SensitivityRules rules, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rows = new List<(long Rid, StoredRow Row)>();
        await using (var command = new NpgsqlCommand($"select rid, id, version, last_updated, content_hash, doc from {ResourceTables.NameOf(progress.Type)} where rid > $1 order by rid limit {Batch}", connection) { Parameters = { new() { Value = progress.Rid } } })
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add((reader.GetInt64(0), new(progress.Type, reader.GetString(1), true, reader.GetInt32(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetFieldValue<byte[]>(4), reader.GetFieldValue<byte[]>(5))));
            }
        }

        if (rows.Count == 0)
        {
            return progress with { IsHistory = true };
        }

        // What refers to others may have labels of theirs; everything else is what it says.
        var versions = new List<NewVersion>();
        foreach (var (_, row) in rows)
        {
            var document = JsonElement.Parse(row.Doc!);
            if (LabelledReferences.Has(row.Type) || !rules.LabelsOf(row.Type, document).IsEmpty || !SecurityLabels.In(document, madeOnly: true).IsEmpty)
            {
                versions.Add(NewVersion.After(row, ResourceImage.Of(row.Type, row.Id, document), "PUT", null, now));
            }
        }

        var stored = rows.ToDictionary(row => (row.Row.Type, row.Row.Id), row => row.Row.Doc!);
        var changed = (await new SharedLabels(connection, now).ApplyAsync(versions, 0, cancellationToken))
            .Where(version => !stored.TryGetValue((version.Type, version.Id), out var doc) || !Made(version.Doc).SetEquals(Made(doc))).ToList();
        var keys = await PatientKeys.ForAsync(connection, changed.Select(version => version.PatientId).OfType<string>(), cancellationToken);
        await VersionWriter.WriteAsync(connection, changed, keys, null, cancellationToken);
        return progress with { Rid = rows[^1].Rid };
    }

    private async Task<Progress> PastAsync(NpgsqlConnection connection, Progress progress, SensitivityRules rules, CancellationToken cancellationToken)
    {
        var rows = new List<(string Id, int Version, long[] Terms, byte[]? Doc)>();
        await using (var command = new NpgsqlCommand($"select id, version, terms, doc from history where type = $1 and (id, version) > ($2, $3) order by id, version limit {Batch}", connection)
        {
            Parameters = { new() { Value = progress.Type }, new() { Value = progress.Id }, new() { Value = progress.Version } },
        })
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add((reader.GetString(0), reader.GetInt32(1), reader.GetFieldValue<long[]>(2), await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetFieldValue<byte[]>(3)));
            }
        }

        if (rows.Count == 0)
        {
            return progress with { IsFinished = true };
        }

        // What it shared then is what that is labelled with now.
        var references = rows.ConvertAll(row => row.Doc is null ? [] : LabelledReferences.In(progress.Type, row.Doc));
        var lent = new Dictionary<(string, string), ImmutableArray<SecurityLabel>>();
        await new SharedLabels(connection, clock.GetUtcNow()).LoadAsync([.. references.SelectMany(list => list).Distinct()], lent, cancellationToken);
        IReadOnlyList<SecurityLabel> before = [];
        for (var i = 0; i < rows.Count; i++)
        {
            // A deletion is as closed as what it ended.
            var (id, version, terms, doc) = rows[i];
            before = doc is null ? i > 0 && rows[i - 1].Id == id ? before : [] : [.. rules.LabelsOf(progress.Type, JsonElement.Parse(doc)), .. references[i].SelectMany(reference => lent[reference])];
            long[] wanted = [.. terms.Union(before.SelectMany(TermsOf)).Order()];
            if (wanted.Length > terms.Length)
            {
                await using var update = new NpgsqlCommand("update history set terms = $4 where type = $1 and id = $2 and version = $3", connection)
                {
                    Parameters = { new() { Value = progress.Type }, new() { Value = id }, new() { Value = version }, new() { Value = wanted } },
                };
                await update.ExecuteNonQueryAsync(cancellationToken);
            }
        }

        // A deletion at the beginning of the next step has to find what it ended.
        var last = rows.Count == Batch ? rows.FindLastIndex(row => row.Id != rows[^1].Id) is >= 0 and var whole ? whole : rows.Count - 1 : rows.Count - 1;
        return progress with { Id = rows[last].Id, Version = rows[last].Version };
    }

    private static IEnumerable<long> TermsOf(SecurityLabel label) => [Terms.Token("_security", label.System, label.Code), Terms.TokenCode("_security", label.Code), Terms.TokenSystem("_security", label.System)];

    private static HashSet<SecurityLabel> Made(byte[] doc) => [.. SecurityLabels.In(JsonElement.Parse(doc), madeOnly: true)];
}
