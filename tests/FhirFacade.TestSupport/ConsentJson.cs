using System.Text.Json.Nodes;

namespace FhirFacade.TestSupport;

/// <summary>Consents as tests write them.</summary>
public static class ConsentJson
{
    public const string Confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    public const string ActReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    public const string ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    /// <summary>An active consent of a patient about privacy; without a root provision if that is null.</summary>
    public static JsonObject Of(string id, string patient, JsonObject? provision, string scope = "patient-privacy", string? policyRule = null)
    {
        var consent = new JsonObject
        {
            ["resourceType"] = "Consent",
            ["id"] = id,
            ["status"] = "active",
            ["scope"] = Concept("http://terminology.hl7.org/CodeSystem/consentscope", scope),
            ["category"] = new JsonArray(Concept("http://loinc.org", "59284-0")),
            ["patient"] = Reference("Patient/" + patient),
            ["dateTime"] = "2024-05-01",
        };
        if (policyRule is null)
        {
            consent["policy"] = new JsonArray(new JsonObject { ["uri"] = "http://example.org/policy" });
        }
        else
        {
            consent["policyRule"] = Concept(ActCode, policyRule);
        }

        if (provision is not null)
        {
            consent["provision"] = provision;
        }

        return consent;
    }

    /// <summary>A provision with conditions, and with exceptions to it.</summary>
    public static JsonObject Provision(string? type, JsonObject? conditions = null, params JsonObject[] nested)
    {
        var provision = new JsonObject();
        if (type is not null)
        {
            provision["type"] = type;
        }

        foreach (var (name, value) in conditions ?? [])
        {
            provision[name] = value?.DeepClone();
        }

        if (nested.Length > 0)
        {
            provision["provision"] = new JsonArray([.. nested]);
        }

        return provision;
    }

    /// <summary>The condition that one of these asks.</summary>
    public static JsonObject Actor(params string[] references) => new()
    {
        ["actor"] = new JsonArray([.. references.Select(reference => new JsonObject
        {
            ["role"] = Concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "PRCP"), ["reference"] = Reference(reference),
        })]),
    };

    public static JsonObject Purpose(params string[] codes) => Codings("purpose", ActReason, codes);

    public static JsonObject Label(string system, params string[] codes) => Codings("securityLabel", system, codes);

    public static JsonObject Class(params string[] types) => Codings("class", "http://hl7.org/fhir/resource-types", types);

    public static JsonObject Action(params string[] codes) => new() { ["action"] = new JsonArray([.. codes.Select(code => Concept("http://terminology.hl7.org/CodeSystem/consentaction", code))]) };

    public static JsonObject Code(string system, params string[] codes) => new() { ["code"] = new JsonArray([.. codes.Select(code => Concept(system, code))]) };

    public static JsonObject Data(string meaning, params string[] references) =>
        new() { ["data"] = new JsonArray([.. references.Select(reference => new JsonObject { ["meaning"] = meaning, ["reference"] = Reference(reference) })]) };

    public static JsonObject Period(string? start, string? end, string element = "period")
    {
        var period = new JsonObject();
        if (start is not null)
        {
            period["start"] = start;
        }

        if (end is not null)
        {
            period["end"] = end;
        }

        return new JsonObject { [element] = period };
    }

    /// <summary>All of the conditions.</summary>
    public static JsonObject And(this JsonObject one, JsonObject other)
    {
        foreach (var (name, value) in other)
        {
            one[name] = value?.DeepClone();
        }

        return one;
    }

    public static JsonObject Concept(string? system, string code) => new() { ["coding"] = new JsonArray(Coding(system, code)) };

    public static JsonObject Coding(string? system, string code) => system is null ? new JsonObject { ["code"] = code } : new JsonObject { ["system"] = system, ["code"] = code };

    public static JsonObject Reference(string reference) => new() { ["reference"] = reference };

    private static JsonObject Codings(string element, string system, string[] codes) => new() { [element] = new JsonArray([.. codes.Select(code => Coding(system, code))]) };
}
