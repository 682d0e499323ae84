using System.Text.Json;
using FhirFacade.Fhir.Consents;
using FhirFacade.Storage.Resources;
using Npgsql;

namespace FhirFacade.Storage.Consents;

/// <summary>The compiled consents (table <c>consent_rule</c>). They change in the transaction in which the Consent does, and are nowhere else.</summary>
internal static class ConsentTable
{
    private const string ResourceType = "Consent";

    /// <summary>Compiles the Consents among versions that become current.</summary>
    /// <param name="connection">With the writer's transaction.</param>
    /// <param name="versions">Versions of any types.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    public static Task WriteAsync(NpgsqlConnection connection, IEnumerable<NewVersion> versions, CancellationToken cancellationToken) =>
        WriteAsync(connection, [.. versions.Where(version => version.Type == ResourceType).Select(version => (version.Id, (ReadOnlyMemory<byte>)version.Doc))], cancellationToken);

    /// <summary>Compiles Consents.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyCollection<(string Id, ReadOnlyMemory<byte> Doc)> consents, CancellationToken cancellationToken)
    {
        if (consents.Count == 0)
        {
            return;
        }

        var compiled = consents.Select(consent => (consent.Id, Consent: Compile(consent.Doc))).OrderBy(consent => consent.Id, StringComparer.Ordinal).ToList();
        var keys = await PatientKeys.ForAsync(connection, compiled.Select(consent => consent.Consent.PatientId).OfType<string>(), cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Removal(compiled.Select(consent => consent.Id)));
        foreach (var (id, consent) in compiled.Where(consent => consent.Consent.PatientId is not null))
        {
            for (var node = 0; node < consent.Provisions.Length; node++)
            {
                batch.BatchCommands.Add(ConsentRow.Insert(id, node, consent.Provisions[node], consent.PatientId!, keys[consent.PatientId!]));
            }
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Takes away what deleted resources said, if they were Consents; null if none was.</summary>
    public static NpgsqlBatchCommand? Removal(string type, IEnumerable<string> ids) => type == ResourceType ? Removal(ids) : null;

    /// <summary>Whether there is any consent at all, as this transaction sees it.</summary>
    public static async Task<bool> AnyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select exists (select from consent_rule)", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken) ?? true);
    }

    private static NpgsqlBatchCommand Removal(IEnumerable<string> ids) => new("delete from consent_rule where consent = any($1)") { Parameters = { new() { Value = ids.ToArray() } } };

    private static CompiledConsent Compile(ReadOnlyMemory<byte> doc)
    {
        using var json = JsonDocument.Parse(doc);
        return ConsentCompiler.Compile(json.RootElement);
    }
}
