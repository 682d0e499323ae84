using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Storage.Consents;

/// <summary>Compiles all stored Consents anew where another build has compiled them, or none.</summary>
internal static class ConsentReading
{
    /// <summary>Which reading this build's is. Whatever makes other rows of the same Consent raises it.</summary>
    private const int Number = 1;

    private const int AtOnce = 500;

    /// <summary>Does so in one transaction, while nobody writes Consents; does nothing where the rows are of this reading.</summary>
    public static async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var known = new NpgsqlCommand("select number from consent_reading", connection))
        {
            if (await known.ExecuteScalarAsync(cancellationToken) is Number)
            {
                return;
            }
        }

        await ExecuteAsync(connection, $"lock table consent_rule, {ResourceTables.NameOf("Consent")} in share row exclusive mode; delete from consent_rule", cancellationToken);
        for (var last = 0L; ;)
        {
            var consents = new List<(string Id, ReadOnlyMemory<byte> Doc)>();
            await using (var page = new NpgsqlCommand($"select rid, id, doc from {ResourceTables.NameOf("Consent")} where rid > $1 order by rid limit {AtOnce}", connection) { Parameters = { new() { Value = last } } })
            await using (var reader = await page.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    last = reader.GetInt64(0);
                    consents.Add((reader.GetString(1), reader.GetFieldValue<byte[]>(2)));
                }
            }

            if (consents.Count == 0)
            {
                break;
            }

            await ConsentTable.WriteAsync(connection, consents, cancellationToken);
        }

        await ExecuteAsync(connection, $"delete from consent_reading; insert into consent_reading (number) values ({Number})", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
