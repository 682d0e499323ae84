using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>The numbers that stand for patients' ids.</summary>
internal static class PatientKeys
{
    private const string Sql = """
        with made as (
          insert into patient_key (id)
          select wanted.id from unnest($1) as wanted (id)
          where not exists (select from patient_key k where k.id = wanted.id) order by 1
          on conflict (id) do nothing
          returning id, key)
        select id, key from patient_key where id = any($1)
        union all
        select id, key from made
        """;

    /// <summary>The key of each patient; made now for those that have none.</summary>
    public static async Task<Dictionary<string, long>> ForAsync(NpgsqlConnection connection, IEnumerable<string> patientIds, CancellationToken cancellationToken)
    {
        var wanted = patientIds.ToHashSet(StringComparer.Ordinal);
        var keys = new Dictionary<string, long>(StringComparer.Ordinal);

        // What another transaction made meanwhile was not to be seen by the statement that waited for it; the next one sees it.
        while (wanted.Count > 0)
        {
            await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = wanted.ToArray() } } };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                keys[reader.GetString(0)] = reader.GetInt64(1);
            }

            wanted.ExceptWith(keys.Keys);
        }

        return keys;
    }
}
