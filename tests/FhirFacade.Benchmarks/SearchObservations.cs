using System.Globalization;
using System.Text;
using System.Text.Json;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Benchmarks;

/// <summary>
/// Observations of a hospital, a hundred a patient, loaded by binary COPY through the index builder: most of the laboratory, one code
/// in twenty retired twenty years ago, one that only vital signs have, and one that twenty rows have.
/// </summary>
internal static class SearchObservations
{
    public const int OfOnePatient = 100;
    private const int Chunk = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly DateTimeOffset First = new(2006, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task LoadAsync(NpgsqlDataSource database, int rows)
    {
        await ExecuteAsync(database, $"insert into patient_key (key, id) overriding system value select n, 'p' || n from generate_series(0, {rows / OfOnePatient}) n");
        await Parallel.ForEachAsync(Enumerable.Range(0, (rows + Chunk - 1) / Chunk), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (chunk, cancellationToken) =>
            await LoadAsync(database, chunk * Chunk, Math.Min(rows, (chunk + 1) * Chunk), rows, cancellationToken));
        await using (var connection = await database.OpenConnectionAsync())
        {
            await SearchPatients.LoadAsync(connection, Math.Max(1, rows / OfOnePatient), CancellationToken.None);
        }

        await ExecuteAsync(database, "vacuum analyze r.patient, r.patient_text, r.observation, r.observation_range, r.observation_text, r.observation_posting, index_text, patient_key");
    }

    /// <summary>Where the row comes in the order of time, so that rows of all patients and codes lie mixed.</summary>
    public static string Patient(int row, int rows) => "p" + (row % Math.Max(1, rows / OfOnePatient)).ToString(CultureInfo.InvariantCulture);

    private static async Task LoadAsync(NpgsqlDataSource database, int from, int to, int rows, CancellationToken cancellationToken)
    {
        var made = new (byte[] Doc, IndexRow Index)[to - from];
        for (var row = from; row < to; row++)
        {
            var doc = Encoding.UTF8.GetBytes(Observation(row, rows));
            using var document = JsonDocument.Parse(doc);
            made[row - from] = (doc, IndexRow.From("Observation", Id(row), document.RootElement));
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var unlimited = new NpgsqlCommand("set statement_timeout = 0", connection))
        {
            await unlimited.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var copy = await connection.BeginBinaryImportAsync(
            "copy r.observation (rid, id, version, last_updated, ref_hash, patient, date_lo, date_hi, terms, present, content_hash, method, doc) from stdin binary", cancellationToken))
        {
            copy.Timeout = Patience;
            for (var i = 0; i < made.Length; i++)
            {
                var (doc, index) = made[i];
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync((long)(from + i + 1), cancellationToken);
                await copy.WriteAsync(Id(from + i), cancellationToken);
                await copy.WriteAsync(1, cancellationToken);
                await copy.WriteAsync(First.AddYears(19).UtcDateTime, cancellationToken);
                await copy.WriteAsync(index.RefHash, cancellationToken);
                await copy.WriteAsync(long.Parse(Patient(from + i, rows).AsSpan(1), CultureInfo.InvariantCulture), cancellationToken);
                await copy.WriteAsync(index.DateLow.UtcDateTime, cancellationToken);
                await copy.WriteAsync(index.DateHigh!.Value.UtcDateTime, cancellationToken);
                await copy.WriteAsync(index.Terms.ToArray(), cancellationToken);
                await copy.WriteAsync(index.Present.ToArray(), cancellationToken);
                await copy.WriteAsync(new byte[16], cancellationToken);
                await copy.WriteAsync("PUT", cancellationToken);
                await copy.WriteAsync(doc, NpgsqlDbType.Json, cancellationToken);
            }

            await copy.CompleteAsync(cancellationToken);
        }

        await CopyRangesAsync(connection, from, made, cancellationToken);
        await using (var copy = await connection.BeginBinaryImportAsync($"copy {ResourceTables.PostingsOf("Observation")} (term, date_lo, rid) from stdin binary", cancellationToken))
        {
            copy.Timeout = Patience;
            for (var i = 0; i < made.Length; i++)
            {
                foreach (var term in made[i].Index.Postings)
                {
                    await copy.StartRowAsync(cancellationToken);
                    await copy.WriteAsync(term, cancellationToken);
                    await copy.WriteAsync(made[i].Index.DateLow.UtcDateTime, cancellationToken);
                    await copy.WriteAsync((long)(from + i + 1), cancellationToken);
                }
            }

            await copy.CompleteAsync(cancellationToken);
        }

        var coded = made.SelectMany(row => row.Index.Coded).DistinctBy(text => text.Term).ToList();
        await using var texts = new NpgsqlCommand(
            "insert into index_text (term, param, value) select * from unnest($1::bigint[], $2::int[], $3::text[]) order by 1 on conflict do nothing", connection)
        {
            Parameters =
            {
                new() { Value = coded.Select(text => text.Term).ToArray() },
                new() { Value = coded.Select(text => text.Parameter).ToArray() },
                new() { Value = coded.Select(text => text.Value).ToArray() },
            },
        };
        await texts.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task CopyRangesAsync(NpgsqlConnection connection, int from, (byte[] Doc, IndexRow Index)[] made, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"copy {ResourceTables.RangesOf("Observation")} (rid, param, lo, hi, unit, unit_code, unit_name) from stdin binary", cancellationToken);
        copy.Timeout = Patience;
        for (var i = 0; i < made.Length; i++)
        {
            foreach (var range in made[i].Index.Ranges)
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync((long)(from + i + 1), cancellationToken);
                await copy.WriteAsync(range.Parameter, cancellationToken);
                await copy.WriteAsync(range.Low, cancellationToken);
                await copy.WriteAsync(range.High, cancellationToken);
                foreach (var unit in new[] { range.Unit, range.UnitCode, range.UnitName })
                {
                    await (unit is { } known ? copy.WriteAsync(known, cancellationToken) : copy.WriteNullAsync(cancellationToken));
                }
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static string Id(int row) => string.Create(CultureInfo.InvariantCulture, $"obs-{row:0000000}-0000-4000-8000-000000000000");

    private static string Observation(int row, int rows)
    {
        // A fixed mixture that looks random and is the same in every run.
        var mixed = (uint)(row * 2654435761u) >> 8;
        var retired = mixed % 20 == 0;
        var vital = !retired && mixed % 10 >= 7;
        var code = retired ? "retired" : row % Math.Max(1, rows / 20) == 7 ? "rare" : vital ? (mixed % 100 < 80 ? "only-vital" : $"v{mixed % 40}") : $"l{mixed % 400}";
        var days = (int)((ulong)mixed * 7000 / (1u << 24));
        var when = retired ? First.AddYears(-5).AddDays(days / 4) : First.AddDays(days);
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {"resourceType":"Observation","id":"{{Id(row)}}","meta":{"versionId":"1","lastUpdated":"2025-01-01T00:00:00Z"},"status":"final",
            "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"{{(vital ? "vital-signs" : "laboratory")}}"}]}],
            "code":{"coding":[{"system":"http://loinc.org","code":"{{code}}","display":"Observation of {{code}}"}],"text":"Observation of {{code}}"},
            "subject":{"reference":"Patient/{{Patient(row, rows)}}"},"encounter":{"reference":"Encounter/e-{{row / 10}}"},"effectiveDateTime":"{{when.AddSeconds(row % 86400):yyyy-MM-ddTHH:mm:ssZ}}",
            "issued":"{{when:yyyy-MM-dd}}T23:00:00Z","performer":[{"reference":"Organization/lab","display":"The laboratory"}],
            "valueQuantity":{"value":{{10 + (mixed % 500 / 10.0):F1}},"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"},
            "referenceRange":[{"low":{"value":12.0,"unit":"g/dL"},"high":{"value":16.0,"unit":"g/dL"},"text":"12.0 to 16.0"}]}
            """);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var unlimited = new NpgsqlCommand("set statement_timeout = 0", connection);
        await unlimited.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
