using System.Text.Json.Nodes;
using FhirFacade.TestSupport;
using static FhirFacade.TestSupport.ConsentJson;

namespace FhirFacade.Storage.Tests.Consents;

/// <summary>Consents of every shape, some of which nobody can understand.</summary>
/// <param name="random">What they are made by.</param>
/// <param name="references">Resources that provisions name.</param>
internal sealed class RandomConsent(Random random, string[] references)
{
    public static readonly string[] Actors =
        ["Practitioner/doc0", "Practitioner/doc1", "Practitioner/doc2", "Organization/org0", "Organization/org1", "Organization/org2", "PractitionerRole/role0", "CareTeam/team0", "CareTeam/team1", "Device/app", "Patient/patient0"];

    private static readonly string[] Types = ["Observation", "Condition", "Patient", "Encounter", "DiagnosticReport", "DocumentReference", "Appointment", "Provenance", "MessageHeader", "RiskAssessment"];

    public JsonObject Next(string id, string patient)
    {
        var consent = Of(id, patient, Chance(0.95) ? Provision(0, Chance(0.85) ? Effect() : null) : null, Pick("patient-privacy", "patient-privacy", "patient-privacy", "patient-privacy", "research", "treatment", "other"),
            Chance(0.3) ? Pick("OPTIN", "OPTOUT") : null);
        if (Chance(0.03))
        {
            consent["modifierExtension"] = Unknown();
        }

        if (Chance(0.05))
        {
            consent["status"] = Pick("inactive", "draft", "entered-in-error");
        }

        return consent;
    }

    private JsonObject Provision(int depth, string? type)
    {
        var conditions = new JsonObject();
        for (var i = random.Next(depth == 0 ? 2 : 3); i >= (depth == 0 ? 1 : 0); i--)
        {
            conditions.And(Condition());
        }

        if (Chance(0.03))
        {
            conditions["modifierExtension"] = Unknown();
        }

        return ConsentJson.Provision(type, conditions, depth < 3 ? [.. Enumerable.Range(0, random.Next(3)).Select(_ => Provision(depth + 1, Chance(0.97) ? Effect() : null))] : []);
    }

    private JsonObject Condition() => random.Next(11) switch
    {
        0 => Actor(Some(Actors)),
        1 => Actor(Some(Actors)).And(Chance(0.5) ? Role("CST") : Foreign()),
        2 => ConsentJson.Purpose(Some("TREAT", "ETREAT", "HRESCH", "CLINTRCH", "HPAYMT")),
        3 => ConsentJson.Action(Some("access", "disclose", "correct", "collect")),
        4 or 5 => Chance(0.8) ? ConsentJson.Class(Some(Types)) : Chance(0.5) ? new JsonObject { ["class"] = new JsonArray(Coding("http://loinc.org", Pick("11506-3", "18842-5"))) } : new JsonObject { ["class"] = new JsonArray(Coding("urn:own", "x")) },
        6 => Chance(0.9) ? Code("http://loinc.org", Some("718-7", "8867-4", "A1c")) : new JsonObject { ["code"] = new JsonArray(Concept(null, "NEG"), new JsonObject { ["text"] = "something" }) },
        7 => ConsentJson.Data(Pick("instance", "related", "dependents", "authoredby"), Some(references)),
        8 => Label(Confidentiality, Pick("L", "N", "R", "V")),
        9 => Chance(0.7) ? Label(ActCode, Some("HIV", "PSY")) : new JsonObject { ["securityLabel"] = new JsonArray(Coding(Confidentiality, "R"), Coding(ActCode, "HIV")) },
        _ => Chance(0.3) ? Period(Pick("2020", "2020-03", "2999"), Chance(0.5) ? Pick("2021", "3000") : null) : Period(Chance(0.7) ? Pick("2022", "2023-02", "2024-01-11") : null, Pick("2023-02-11", "2024", "2024-03"), "dataPeriod"),
    };

    private static JsonObject Role(string role) => new()
    {
        ["actor"] = new JsonArray(new JsonObject { ["role"] = Concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", role), ["reference"] = Reference("Organization/org0") }),
    };

    private static JsonObject Foreign() => new()
    {
        ["actor"] = new JsonArray(new JsonObject { ["role"] = Concept(null, "PRCP"), ["reference"] = Reference("https://example.org/fhir/Practitioner/doc0") }),
    };

    private static JsonArray Unknown() => new(new JsonObject { ["url"] = "urn:unknown", ["valueBoolean"] = true });

    private string Effect() => Pick("permit", "deny");

    private bool Chance(double share) => random.NextDouble() < share;

    private string Pick(params string[] of) => of[random.Next(of.Length)];

    private string[] Some(params string[] of) => [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Pick(of)).Distinct()];
}
