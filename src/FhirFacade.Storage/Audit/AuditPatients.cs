using FhirFacade.Storage.Resources;
using Npgsql;

namespace FhirFacade.Storage.Audit;

/// <summary>The patients that events name, by key and by id: a block says both. Remembers those that it was asked for lately.</summary>
internal sealed class AuditPatients
{
    private const int Remembered = 50_000;
    private readonly Dictionary<long, string> ids = [];
    private readonly Dictionary<string, long> keys = new(StringComparer.Ordinal);

    /// <summary>All patients of the events.</summary>
    public async Task<Dictionary<long, string>> OfAsync(NpgsqlConnection connection, IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        if (ids.Count > Remembered)
        {
            ids.Clear();
            keys.Clear();
        }

        var (byKey, byId) = (new HashSet<long>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var payload in events)
        {
            AuditCodec.AddPatients(payload.Span, byKey, byId);
        }

        await LoadAsync(connection, byKey.Where(key => !ids.ContainsKey(key)).ToArray());
        foreach (var (id, key) in await PatientKeys.ForAsync(connection, byId.Where(id => !keys.ContainsKey(id)), CancellationToken.None))
        {
            Remember(key, id);
        }

        byKey.UnionWith(byId.Select(id => keys[id]));
        return byKey.Where(ids.ContainsKey).ToDictionary(key => key, key => ids[key]);
    }

    private async Task LoadAsync(NpgsqlConnection connection, long[] wanted)
    {
        if (wanted.Length == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand("select key, id from patient_key where key = any($1)", connection) { Parameters = { new() { Value = wanted } } };
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            Remember(reader.GetInt64(0), reader.GetString(1));
        }
    }

    private void Remember(long key, string id) => (ids[key], keys[id]) = (id, key);
}
