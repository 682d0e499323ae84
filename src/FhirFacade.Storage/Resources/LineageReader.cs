using System.Collections.Immutable;
using System.Data;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>Where the elements of a version came from.</summary>
/// <param name="Version">The version's number.</param>
/// <param name="Fields">Elements and the coordinates of the fields that made them, in the order in which they were made.</param>
/// <param name="Message">The journal row of the message; null if it is not known.</param>
public sealed record VersionLineage(int Version, ImmutableArray<(string Element, string Field)> Fields, long? Message);

/// <summary>Reads what lineage is stored. It holds no value of a resource; that there is such a resource is all that it gives away.</summary>
public sealed class LineageReader(NpgsqlDataSource dataSource)
{
    private const string Sql = """
        select l.version, s.elements, l.segments, coalesce(h.source, t.source)
        from lineage l
        join lineage_shape s on s.id = l.shape
        left join history h on h.type = l.type and h.id = l.id and h.version = l.version
        left join {0} t on t.id = l.id and t.version = l.version
        where l.type = $1 and l.id = $2 and ($3::int is null or l.version <= $3)
        order by l.version desc limit 1
        """;

    /// <summary>Of one version, else of the last before it that a message made; null if there is none.</summary>
    /// <param name="type">Resource type; one that there is not has no lineage.</param>
    /// <param name="id">Logical id.</param>
    /// <param name="version">The version; null for the last.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public async Task<VersionLineage?> ReadAsync(string type, string id, int? version, CancellationToken cancellationToken)
    {
        if (!Schema.ResourceTables.Types.Contains(type))
        {
            return null;
        }

#pragma warning disable CA1863 // Asked for by a person, once.
        await using var command = dataSource.CreateCommand(string.Format(System.Globalization.CultureInfo.InvariantCulture, Sql, Schema.ResourceTables.NameOf(type)));
#pragma warning restore CA1863
        command.Parameters.Add(new() { Value = type });
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = version ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetInt32(0), ResourceLineage.Unfold(reader.GetString(1), reader.GetString(2)), await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetInt64(3))
            : null;
    }
}
