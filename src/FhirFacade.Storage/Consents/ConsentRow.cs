using System.Globalization;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Consents;
using FhirFacade.Storage.Search.Index;
using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Consents;

/// <summary>A provision as a row of <c>consent_rule</c>.</summary>
internal static class ConsentRow
{
    /// <summary>What stands for a value that is not understood.</summary>
    private const string More = "?";

    // The bit for an action that is not understood.
    private const int MoreActions = 8;

    private const string Sql = """
        insert into consent_rule (consent, node, parent, patient, patient_ref, denies, opaque, valid_from, valid_to, actors, actions, purposes, wider_purposes,
          types, document_terms, profile_terms, codes, data, labels, data_from, data_to)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        """;

    public static NpgsqlBatchCommand Insert(string consent, int node, ConsentProvision provision, string patientId, long patient) => new(Sql)
    {
        Parameters =
        {
            new() { Value = consent },
            new() { Value = node },
            new() { Value = provision.Parent },
            new() { Value = patient },
            new() { Value = Terms.Resource("Patient", patientId) },
            new() { Value = provision.Denies },
            new() { Value = provision.IsOpaque },
            Parameter(NpgsqlDbType.TimestampTz, provision.ValidFrom?.UtcDateTime),
            Parameter(NpgsqlDbType.TimestampTz, provision.ValidTo?.UtcDateTime),
            Texts(provision.Actors),
            Parameter(NpgsqlDbType.Integer, provision.Actions is { } actions ? actions.Known.Aggregate(actions.HasMore ? MoreActions : 0, (all, action) => all | (int)action) : null),
            Texts(provision.Purposes),
            Texts(provision.WiderPurposes),
            Texts(provision.Types),
            Longs(provision.DocumentTypes?.Known.Select(code => Terms.Token("type", code.System, code.Code))),
            Longs(provision.Profiles?.Known.Select(url => Terms.Uri("_profile", url))),
            Json(provision.Codes, code => code.System is null ? new JsonObject { ["code"] = code.Code } : new JsonObject { ["system"] = code.System, ["code"] = code.Code }),
            Json(provision.Data, data => new JsonObject
            {
                ["meaning"] = data.Meaning.ToString().ToLower(CultureInfo.InvariantCulture),
                ["reference"] = $"{data.Type}/{data.Id}",
            }),
            provision.Labels is null ? Parameter(NpgsqlDbType.Jsonb, null) : Json(provision.Labels, label => ConsentLabel.ToJson(label, provision.Denies), "unknown"),
            Parameter(NpgsqlDbType.TimestampTz, provision.DataFrom?.UtcDateTime),
            Parameter(NpgsqlDbType.TimestampTz, provision.DataTo?.UtcDateTime),
        },
    };

    private static NpgsqlParameter Texts(ConsentTerms<string>? terms) =>
        Parameter(NpgsqlDbType.Array | NpgsqlDbType.Text, terms is null ? null : terms.HasMore ? [.. terms.Known, More] : terms.Known.ToArray());

    private static NpgsqlParameter Longs(IEnumerable<long>? terms) => Parameter(NpgsqlDbType.Array | NpgsqlDbType.Bigint, terms?.ToArray());

    private static NpgsqlParameter Json<T>(ConsentTerms<T>? terms, Func<T, JsonObject> write, string more = "more")
    {
        if (terms is null)
        {
            return Parameter(NpgsqlDbType.Jsonb, null);
        }

        var all = new JsonArray([.. terms.Known.Select(JsonNode (value) => write(value))]);
        if (terms.HasMore)
        {
            all.Add((JsonNode)new JsonObject { [more] = true });
        }

        return Parameter(NpgsqlDbType.Jsonb, all.ToJsonString());
    }

    private static NpgsqlParameter Parameter(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
