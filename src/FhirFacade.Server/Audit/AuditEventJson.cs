using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FhirFacade.Storage.Audit;

namespace FhirFacade.Server.Audit;

/// <summary>An event of the trail as an AuditEvent, in the shapes of IHE Basic Audit Log Patterns (https://profiles.ihe.net/ITI/BALP/).</summary>
/// <remarks>
/// BALP keeps the whole query of a search. Its values may be a patient's, so here it is the path and the names of the parameters: whom a search was
/// about, the entities tell.
/// </remarks>
internal static class AuditEventJson
{
    private const string Types = "http://terminology.hl7.org/CodeSystem/audit-event-type";
    private const string Dicom = "http://dicom.nema.org/resources/ontology/DCM";
    private const string EntityTypes = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
    private const string Roles = "http://terminology.hl7.org/CodeSystem/object-role";
    private const string ActReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

    /// <summary>The logical id of an event.</summary>
    public static string IdOf(AuditRecord record) => string.Create(CultureInfo.InvariantCulture, $"{record.Place!.Value.Block}-{record.Place.Value.Number}");

    /// <summary>The place that a logical id names; null for a text that is no id of the trail.</summary>
    public static (long Block, int Number)? PlaceOf(string id) =>
        id.Split('-') is [var block, var number] && long.TryParse(block, NumberStyles.None, CultureInfo.InvariantCulture, out var b) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? (b, n)
            : null;

    /// <summary>The resource.</summary>
    public static JsonObject Of(AuditRecord record, string source)
    {
        var json = new JsonObject { ["resourceType"] = "AuditEvent", ["id"] = IdOf(record) };
        var at = record.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        var meta = new JsonObject { ["versionId"] = "1", ["lastUpdated"] = at };
        if (Profile(record) is { } profile)
        {
            meta["profile"] = new JsonArray("https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit." + profile);
        }
        json["meta"] = meta;
        (json["type"], JsonNode? subtype) = Kind(record);
        var subtypes = new JsonArray([.. new[] { subtype, record.IsEmergency ? Coding(Dicom, "110127", "Emergency Override Started") : null }.OfType<JsonNode>()]);
        if (subtypes.Count > 0)
        {
            json["subtype"] = subtypes;
        }
        json["action"] = record.Action;
        json["recorded"] = at;
        json["outcome"] = record.Status >= 500 ? "8" : record.IsFailure ? "4" : "0";
        json["outcomeDesc"] = record.Status.ToString(CultureInfo.InvariantCulture);
        if (record.Purpose.Length > 0)
        {
            json["purposeOfEvent"] = new JsonArray(Concept(ActReason, record.Purpose));
        }
        json["agent"] = Agents(record);
        json["source"] = new JsonObject { ["observer"] = new JsonObject { ["display"] = source }, ["type"] = new JsonArray(Coding("http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server")) };
        json["entity"] = Entities(record);
        return json;
    }

    // DICOM PS3.16, context groups 400 and 401; REST is FHIR's own.
    private static (JsonObject Type, JsonObject? Subtype) Kind(AuditRecord record) => record.Kind switch
    {
        AuditKinds.Token => (Coding(Dicom, "110114", "User Authentication"), Coding(Dicom, "110122", "Login")),
        AuditKinds.Message => (Coding(Dicom, "110107", "Import"), null),
        AuditKinds.Configuration => (Coding(Dicom, "110113", "Security Alert"), record.Target.StartsWith("user/", StringComparison.Ordinal)
            ? Coding(Dicom, "110137", "User Security Attributes Changed") : Coding(Dicom, "110129", "Security Configuration")),
        AuditKinds.Trail => (Coding(Dicom, "110101", "Audit Log Used"), null),
        var interaction => (Coding(Types, "rest", "RESTful Operation"), Coding("http://hl7.org/fhir/restful-interaction", interaction.StartsWith('$') ? "operation" : interaction)),
    };

    private static string? Profile(AuditRecord record)
    {
        var name = record.Kind switch
        {
            "read" or "vread" or "history-instance" => "Read",
            "search-type" or "search-system" => "Query",
            "create" => "Create",
            "update" or "patch" => "Update",
            "delete" => "Delete",
            _ => null,
        };
        return name is null || record.IsFailure ? null : record.Patients.Count == 1 ? "Patient" + name : name;
    }

    // Who sends data is the source of it: the client of what it writes, this server of what it shows.
    private static JsonArray Agents(AuditRecord record)
    {
        var writes = record.Action is "C" or "U" or "D";
        var client = new JsonObject
        {
            ["type"] = writes ? Concept(Dicom, "110153", "Source Role ID") : Concept(Dicom, "110152", "Destination Role ID"),
            ["who"] = new JsonObject { ["identifier"] = new JsonObject { ["value"] = record.Client.Length > 0 ? record.Client : "unknown" } },
            ["requestor"] = record.Subject.Length == 0 || record.Subject == record.Client,
        };
        if (record.Address.Length > 0)
        {
            client["network"] = new JsonObject { ["address"] = record.Address, ["type"] = "2" };
        }
        var agents = new JsonArray(
            client,
            new JsonObject
            {
                ["type"] = writes ? Concept(Dicom, "110152", "Destination Role ID") : Concept(Dicom, "110153", "Source Role ID"),
                ["who"] = new JsonObject { ["display"] = "FhirFacade" },
                ["requestor"] = false,
            });
        if (record.Subject.Length > 0 && record.Subject != record.Client)
        {
            var person = new JsonObject
            {
                ["type"] = Concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP", "information recipient"),
                ["who"] = new JsonObject { ["identifier"] = new JsonObject { ["value"] = record.Subject } },
                ["requestor"] = true,
            };
            ForPurpose(person);
            agents.Add((JsonNode)person);
        }
        else
        {
            ForPurpose(client);
        }
        return agents;

        // Whoever asked said what for.
        void ForPurpose(JsonObject agent)
        {
            if (record.Purpose.Length > 0)
            {
                agent["purposeOfUse"] = new JsonArray(Concept(ActReason, record.Purpose));
            }
        }
    }

    private static JsonArray Entities(AuditRecord record)
    {
        var entities = new JsonArray();
        foreach (var patient in record.Patients)
        {
            entities.Add((JsonNode)Entity(new JsonObject { ["reference"] = $"Patient/{patient}" }, "1", "Person", "1", "Patient"));
        }
        foreach (var version in record.Entities)
        {
            entities.Add((JsonNode)Entity(new JsonObject { ["reference"] = version }, "2", "System Object", "4", "Domain Resource"));
        }
        var asked = Entity(null, "2", "System Object", "24", "Query");
        asked["query"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(record.Target));
        entities.Add((JsonNode)asked);
        entities.Add((JsonNode)new JsonObject
        {
            ["what"] = new JsonObject { ["identifier"] = new JsonObject { ["value"] = record.Correlation } },
            ["type"] = Coding("https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType", "XrequestId"),
        });
        return entities;
    }

    private static JsonObject Entity(JsonObject? what, string type, string typeDisplay, string role, string roleDisplay)
    {
        var entity = new JsonObject();
        if (what is not null)
        {
            entity["what"] = what;
        }
        entity["type"] = Coding(EntityTypes, type, typeDisplay);
        entity["role"] = Coding(Roles, role, roleDisplay);
        return entity;
    }

    private static JsonObject Concept(string system, string code, string? display = null) => new() { ["coding"] = new JsonArray(Coding(system, code, display)) };

    private static JsonObject Coding(string system, string code, string? display = null)
    {
        var coding = new JsonObject { ["system"] = system, ["code"] = code };
        if (display is not null)
        {
            coding["display"] = display;
        }
        return coding;
    }
}
