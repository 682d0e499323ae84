using System.Text.Json.Nodes;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>All that is stored of a patient and refers to him or her, but for what tells of the messages themselves.</summary>
internal static class PatientRecord
{
    /// <summary>The types in it.</summary>
    public static readonly string[] Types =
        [.. ResourceTables.Types.Where(static t => PatientCompartment.Contains(t) && t is not ("Patient" or "Provenance" or "AuditEvent")).Order(StringComparer.Ordinal)];

    /// <summary>In the order of type and id.</summary>
    public static async Task<List<(string Type, string Id, JsonObject Doc)>> LoadAsync(NpgsqlConnection connection, string patient, CancellationToken cancellationToken)
    {
        var sql = string.Join(" union all ", Types.Select(type => $"select '{type}' as type, id, doc::text from {ResourceTables.NameOf(type)} where patient = (select key from patient_key where id = $1)"));
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = patient } } };
        var rows = new List<(string Type, string Id, JsonObject Doc)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((reader.GetString(0), reader.GetString(1), (JsonObject)JsonNode.Parse(reader.GetString(2))!));
        }

        rows.Sort(static (a, b) => string.CompareOrdinal($"{a.Type}/{a.Id}", $"{b.Type}/{b.Id}"));
        return rows;
    }

    /// <summary>
    /// What belongs to some of its resources: the visits of an account, what was done in a visit, and so on; what refers to it or to what belongs to
    /// it, and the specimens that those refer to.
    /// </summary>
    public static List<(string Type, string Id, JsonObject Doc)> Below(IEnumerable<string> references, IReadOnlyCollection<(string Type, string Id, JsonObject Doc)> record)
    {
        var inside = new HashSet<string>(references, StringComparer.Ordinal);
        var specimens = new HashSet<string>(StringComparer.Ordinal);
        var links = record.Select(row => (Name: $"{row.Type}/{row.Id}", row.Type, To: References.In(row.Doc).ToHashSet(StringComparer.Ordinal))).ToList();
        bool isGrowing;
        do
        {
            isGrowing = false;
            foreach (var (name, type, to) in links.Where(link => !inside.Contains(link.Name)))
            {
                if (to.Overlaps(inside) || (type == "Specimen" && specimens.Contains(name)))
                {
                    isGrowing |= inside.Add(name);
                }
            }

            foreach (var (_, _, to) in links.Where(link => inside.Contains(link.Name)))
            {
                specimens.UnionWith(to.Where(static r => r.StartsWith("Specimen/", StringComparison.Ordinal)));
            }

            isGrowing |= links.Any(link => link.Type == "Specimen" && specimens.Contains(link.Name) && !inside.Contains(link.Name));
        }
        while (isGrowing);

        return [.. record.Where(row => inside.Contains($"{row.Type}/{row.Id}"))];
    }
}
