using System.Globalization;
using System.Text;
using System.Text.Json;
using FhirFacade.Storage.Search.Index;
using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Benchmarks;

/// <summary>The patients of <see cref="SearchObservations"/>: ten of a family name, a thousand given names, both sexes.</summary>
internal static class SearchPatients
{
    /// <summary>Family name of the patient.</summary>
    public static string Family(int patient, int patients) => "family" + (patient % Math.Max(1, patients / 10)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Day of birth of the patient.</summary>
    public static string Born(int patient) => new DateTime(1930, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(patient * 7919L % 32_000).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Loads them through the index builder, with the texts that names are sorted and compared by.</summary>
    public static async Task LoadAsync(NpgsqlConnection connection, int patients, CancellationToken cancellationToken)
    {
        var made = Enumerable.Range(0, patients).Select(patient => Encoding.UTF8.GetBytes(Patient(patient, patients))).Select((doc, patient) =>
        {
            using var document = JsonDocument.Parse(doc);
            return (Doc: doc, Index: IndexRow.From("Patient", Id(patient), document.RootElement));
        }).ToList();
        await using (var copy = await connection.BeginBinaryImportAsync(
            "copy r.patient (rid, id, version, last_updated, ref_hash, patient, date_lo, date_hi, terms, present, content_hash, method, doc) from stdin binary", cancellationToken))
        {
            for (var i = 0; i < made.Count; i++)
            {
                var (doc, index) = made[i];
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(i + 1L, cancellationToken);
                await copy.WriteAsync(Id(i), cancellationToken);
                await copy.WriteAsync(1, cancellationToken);
                await copy.WriteAsync(new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc), cancellationToken);
                await copy.WriteAsync(index.RefHash, cancellationToken);
                await copy.WriteAsync((long)i, cancellationToken);
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

        await using var texts = await connection.BeginBinaryImportAsync("copy r.patient_text (rid, param, value) from stdin binary", cancellationToken);
        for (var i = 0; i < made.Count; i++)
        {
            foreach (var text in made[i].Index.Texts)
            {
                await texts.StartRowAsync(cancellationToken);
                await texts.WriteAsync(i + 1L, cancellationToken);
                await texts.WriteAsync(text.Parameter, cancellationToken);
                await texts.WriteAsync(text.Value, cancellationToken);
            }
        }

        await texts.CompleteAsync(cancellationToken);
    }

    private static string Id(int patient) => "p" + patient.ToString(CultureInfo.InvariantCulture);

    private static string Patient(int patient, int patients) => $$"""
        {"resourceType":"Patient","id":"{{Id(patient)}}","meta":{"versionId":"1","lastUpdated":"2025-01-01T00:00:00Z"},
        "identifier":[{"system":"urn:hospital","value":"MRN{{patient}}"}],
        "name":[{"family":"{{Family(patient, patients)}}","given":["given{{patient % 1000}}"]}],
        "gender":"{{(patient % 2 == 0 ? "female" : "male")}}","birthDate":"{{Born(patient)}}"}
        """;
}
