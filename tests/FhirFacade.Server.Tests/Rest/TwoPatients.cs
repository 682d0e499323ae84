using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Server.Access;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>
/// A database that holds the data of patients X and Y, tied together in every way in which FHIR ties resources, and a server
/// over it. Everything of Y carries a canary.
/// </summary>
public sealed class TwoPatients : IAsyncLifetime
{
    public const string Canary = "canary-of-y";

    private TestDatabase database = null!;

    public RunningServer Server { get; private set; } = null!;

    public string Root { get; private set; } = null!;

    /// <summary>Reads everything of patient X.</summary>
    public string OfX { get; private set; } = null!;

    /// <summary>Reads everything of patient Y.</summary>
    public string OfY { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestCluster.NewDatabaseAsync();
        Server = await RunningServer.StartAsync(database.DataSource, access: new AccessOptions { Audit = AuditMode.Spooled });
        Root = Server.Token(FhirServer.Everything);
        OfX = Server.Token("patient/*.rs", "x");
        OfY = Server.Token("patient/*.rs", "y");
        foreach (var resource in Resources())
        {
            await PutAsync(resource);
        }
        await PutAsync(Observation("moved", "y", "8302-2", 1));
        await PutAsync(Observation("moved", "x", "8302-2", 1));
        await PutAsync(Observation("y-deleted", "y", "8302-2", 2));
        await Server.SendAsync(HttpMethod.Delete, "fhir/Observation/y-deleted", Root);
    }

    public async Task<Answer> PutAsync(JsonObject resource)
    {
        var answer = await Server.SendAsync(HttpMethod.Put, $"fhir/{resource["resourceType"]}/{resource["id"]}", Root, resource.ToJsonString());
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, answer.Text);
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await database.DisposeAsync();
    }

    public static JsonObject Observation(string id, string patient, string code, int day)
    {
        var json = FhirServer.Observation(id, patient, code, $"2024-05-{day:00}T08:00:00Z");
        json["performer"] = new JsonArray(Reference("Practitioner/doctor"));
        if (patient == "y")
        {
            json["note"] = new JsonArray(new JsonObject { ["text"] = Canary });
        }
        return json;
    }

    private static IEnumerable<JsonObject> Resources()
    {
        yield return new JsonObject { ["resourceType"] = "Practitioner", ["id"] = "doctor", ["name"] = new JsonArray(new JsonObject { ["family"] = "Doctor" }) };
        yield return new JsonObject { ["resourceType"] = "Organization", ["id"] = "clinic", ["name"] = "Clinic" };
        foreach (var (patient, family) in new[] { ("x", "Xavier"), ("y", "Yvonne") })
        {
            var person = FhirServer.Patient(patient, family);
            person["managingOrganization"] = Reference("Organization/clinic");
            person["generalPractitioner"] = new JsonArray(Reference("Practitioner/doctor"));
            if (patient == "y")
            {
                person["address"] = new JsonArray(new JsonObject { ["city"] = Canary });
            }
            yield return person;
            var note = patient == "y" ? Canary : "of x";
            yield return new JsonObject
            {
                ["resourceType"] = "Encounter", ["id"] = $"{patient}-encounter", ["status"] = "finished",
                ["class"] = new JsonObject { ["code"] = "AMB", ["display"] = note },
                ["subject"] = Reference($"Patient/{patient}"),
            };
            yield return new JsonObject
            {
                ["resourceType"] = "Condition", ["id"] = $"{patient}-condition", ["subject"] = Reference($"Patient/{patient}"),
                ["encounter"] = Reference($"Encounter/{patient}-encounter"),
                ["code"] = new JsonObject { ["text"] = note },
            };
        }
        yield return Observation("x-1", "x", "718-7", 1);
        yield return Observation("x-2", "x", "718-7", 3);
        yield return Observation("y-1", "y", "718-7", 2);
        yield return Observation("y-2", "y", "secret", 4);
        // From X's side into Y's data, and from Y's side into X's.
        var panel = Observation("x-panel", "x", "panel", 5);
        panel["hasMember"] = new JsonArray(Reference("Observation/x-1"), Reference("Observation/y-2"));
        panel["encounter"] = Reference("Encounter/y-encounter");
        yield return panel;
        var derived = Observation("y-derived", "y", "secret", 6);
        derived["derivedFrom"] = new JsonArray(Reference("Observation/x-1"));
        yield return derived;
        yield return new JsonObject
        {
            ["resourceType"] = "DiagnosticReport", ["id"] = "y-report", ["status"] = "final", ["code"] = new JsonObject { ["text"] = Canary },
            ["subject"] = Reference("Patient/y"), ["result"] = new JsonArray(Reference("Observation/x-1"), Reference("Observation/y-2")),
        };
        // Two patients in one resource: it belongs to neither.
        yield return new JsonObject
        {
            ["resourceType"] = "Appointment", ["id"] = "both", ["status"] = "proposed", ["description"] = Canary,
            ["participant"] = new JsonArray(
                new JsonObject { ["actor"] = Reference("Patient/x"), ["status"] = "accepted" },
                new JsonObject { ["actor"] = Reference("Patient/y"), ["status"] = "accepted" }),
        };
        // No patient at all: a patient scope does not open it, whatever its type.
        yield return new JsonObject { ["resourceType"] = "Observation", ["id"] = "nobodys", ["status"] = "final", ["code"] = new JsonObject { ["text"] = Canary } };
        yield return new JsonObject
        {
            ["resourceType"] = "Questionnaire", ["id"] = "form", ["status"] = "active", ["title"] = Canary,
        };
        var vital = Observation("x-vital", "x", "8867-4", 7);
        vital["category"]![0]!["coding"]![0]!["code"] = "vital-signs";
        yield return vital;
    }

    public static JsonObject Reference(string reference) => new() { ["reference"] = reference };
}
