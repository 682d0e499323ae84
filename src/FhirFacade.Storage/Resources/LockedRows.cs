using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Consents;
using FhirFacade.Storage.Search.Emit;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// Takes the current versions of many resources for writing: one statement a type and right, one round trip for all. Whoever has
/// the locks decides on what the ones before have committed.
/// </summary>
internal static class LockedRows
{
    /// <summary>The rows that exist, locked until the transaction ends.</summary>
    public static async Task<Dictionary<(string Type, string Id), LockedRow>> LoadAsync(
        NpgsqlConnection connection, IEnumerable<ResourceWrite> writes, AccessGrant grant, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        var types = new List<string>();
        foreach (var group in writes.GroupBy(write => (write.Type, write.Needed)).OrderBy(group => group.Key.Type, StringComparer.Ordinal))
        {
            var (type, needed) = group.Key;
            var sql = new SqlStatement().Sql("select t.id, t.version, t.last_updated, t.content_hash, t.doc, ");
            GrantSql.AppendCurrent(sql, grant, type, needed, "t");
            sql.Sql(" from ").Table(type).Sql(" t where t.id = any(").Value(group.Select(write => write.Id)).Sql(") order by t.id for update of t");
            batch.BatchCommands.Add(sql.ToBatchCommand());
            types.Add(type);
        }

        var rows = new Dictionary<(string, string), LockedRow>();
        if (types.Count == 0)
        {
            return rows;
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var type in types)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var stored = new StoredRow(type, reader.GetString(0), true, reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(2),
                    reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4));
                rows[(type, stored.Id)] = new(stored, !await reader.IsDBNullAsync(5, cancellationToken) && reader.GetBoolean(5));
            }

            await reader.NextResultAsync(cancellationToken);
        }

        return rows;
    }

    /// <summary>Whether the grant opens every one of these rows as they are now, inside the transaction.</summary>
    public static async Task<bool> AreOpenAsync(
        NpgsqlConnection connection, IEnumerable<(string Type, string Id, Interactions Needed)> written, AccessGrant grant, CancellationToken cancellationToken)
    {
        bool? hasConsents = null;
        foreach (var group in written.GroupBy(row => (row.Type, row.Needed), row => row.Id))
        {
            var (type, needed) = group.Key;
            if (grant.For(type, needed, Enforcement.All) is TypeAccess.Everything)
            {
                continue;
            }

            // One question for all types, where consents alone could close what is written.
            if ((grant with { Consent = ConsentMode.Off }).For(type, needed, Enforcement.All) is TypeAccess.Everything
                && !(hasConsents ??= await ConsentTable.AnyAsync(connection, cancellationToken)))
            {
                continue;
            }

            string[] ids = [.. group];
            var sql = new SqlStatement().Sql("select count(*) from ").Table(type).Sql(" t where t.id = any(").Value(ids).Sql(") and ");
            GrantSql.AppendCurrent(sql, grant, type, needed, "t", isWritten: true);
            await using var command = sql.ToCommand(connection);
            if ((long)(await command.ExecuteScalarAsync(cancellationToken) ?? 0L) != ids.Length)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>A current version that is locked.</summary>
/// <param name="Row">What is stored.</param>
/// <param name="IsOpen">Whether the grant opens it for what is to be done.</param>
internal sealed record LockedRow(StoredRow Row, bool IsOpen);
