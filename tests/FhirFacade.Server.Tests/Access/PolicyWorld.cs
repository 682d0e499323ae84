using FhirFacade.Server.Access;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.TestSupport;
using System.Net;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Tests.Access;

/// <summary>
/// A server with a client that does not see everything. What it does not see carries a canary: <see cref="Hidden"/> in elements that are masked, and
/// <see cref="Closed"/> in resources with a label that is excluded.
/// </summary>
public sealed class PolicyWorld : IAsyncLifetime
{
    public const string Hidden = "canary-masked";
    public const string Closed = "canary-labelled";
    public const string Confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

    private TestDatabase database = null!;

    public RunningServer Server { get; private set; } = null!;

    /// <summary>Sees and may do everything.</summary>
    public string Root { get; private set; } = null!;

    /// <summary>May do everything by its scope; addresses, telecoms and notes are masked, and label R is excluded.</summary>
    public string Narrow { get; private set; } = null!;

    /// <summary>The same for one patient.</summary>
    public string NarrowPatient { get; private set; } = null!;

    /// <summary>May see two types, whatever its scope says.</summary>
    public string TwoTypes { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestCluster.NewDatabaseAsync();
        Server = await RunningServer.StartAsync(database.DataSource, access: new AccessOptions
        {
            Audit = AuditMode.Spooled,
            Policies =
            [
                new ClientPolicyOptions
                {
                    Client = "narrow",
                    Masked = ["Patient.address", "Patient.telecom", "Observation.note", "Observation.performer", "Condition.code"],
                    ExcludedLabels = [$"{Confidentiality}|R"],
                },
                new ClientPolicyOptions { Client = "two", Types = ["Patient", "Encounter"] },
            ],
        });
        Root = Server.Token(FhirServer.Everything);
        Narrow = Server.Token(FhirServer.Everything, client: "narrow");
        NarrowPatient = Server.Token("patient/*.cruds", "p", "narrow");
        TwoTypes = Server.Token(FhirServer.Everything, client: "two");
        await FillAsync(Server, Root);
        await LabelLaterAsync("later-closed");
        await LabelLaterAsync("later-closed-deleted");
        await Server.SendAsync(HttpMethod.Delete, "fhir/Observation/later-closed-deleted", Root);
    }

    // Its first version says the same, and bears no label.
    private async Task LabelLaterAsync(string id)
    {
        var labelled = Labelled(Observation(id, "later-code"));
        var bare = labelled.DeepClone().AsObject();
        bare.Remove("meta");
        await PutAsync(Server, Root, bare);
        await PutAsync(Server, Root, labelled);
    }

    /// <summary>Stores <see cref="Resources"/>, a version that was labelled before and one that was not, and a labelled resource that is deleted.</summary>
    internal static async Task FillAsync(RunningServer server, string root)
    {
        foreach (var resource in Resources())
        {
            await PutAsync(server, root, resource);
        }

        var opened = Labelled(Observation("once-closed"));
        await PutAsync(server, root, opened);
        opened.Remove("meta");
        opened["note"]![0]!["text"] = Hidden;
        await PutAsync(server, root, opened);
        await server.SendAsync(HttpMethod.Delete, "fhir/Observation/closed-deleted", root);
    }

    internal static async Task<Answer> PutAsync(RunningServer server, string root, JsonObject resource)
    {
        var answer = await server.SendAsync(HttpMethod.Put, $"fhir/{resource["resourceType"]}/{resource["id"]}", root, resource.ToJsonString());
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, answer.Text);
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await database.DisposeAsync();
    }

    private static JsonObject Labelled(JsonObject resource)
    {
        resource["meta"] = new JsonObject { ["security"] = new JsonArray(new JsonObject { ["system"] = Confidentiality, ["code"] = "R" }) };
        if (resource["note"] is { } note)
        {
            note[0]!["text"] = Closed;
        }
        return resource;
    }

    internal static JsonObject Observation(string id, string code = "718-7")
    {
        var resource = FhirServer.Observation(id, "p", code);
        resource["performer"] = new JsonArray(TwoPatients.Reference("Practitioner/doctor"));
        resource["note"] = new JsonArray(new JsonObject { ["text"] = Hidden });
        return resource;
    }

    /// <summary>The data of patient p, some of it labelled R.</summary>
    internal static IEnumerable<JsonObject> Resources()
    {
        yield return new JsonObject { ["resourceType"] = "Practitioner", ["id"] = "doctor", ["name"] = new JsonArray(new JsonObject { ["family"] = "Doctor" }) };
        var person = FhirServer.Patient("p", "Pauer");
        person["address"] = new JsonArray(new JsonObject { ["city"] = Hidden });
        person["telecom"] = new JsonArray(new JsonObject { ["system"] = "email", ["value"] = Hidden });
        person["text"] = new JsonObject { ["status"] = "generated", ["div"] = $"<div xmlns=\"http://www.w3.org/1999/xhtml\">{Hidden}</div>" };
        yield return person;
        yield return new JsonObject
        {
            ["resourceType"] = "Encounter", ["id"] = "e", ["status"] = "finished", ["class"] = new JsonObject { ["code"] = "AMB" }, ["subject"] = TwoPatients.Reference("Patient/p"),
        };
        yield return Observation("open");
        yield return Labelled(Observation("closed", "closed-code"));
        yield return Labelled(Observation("closed-deleted", "closed-code"));
        var panel = Observation("panel", "panel");
        panel["hasMember"] = new JsonArray(TwoPatients.Reference("Observation/open"), TwoPatients.Reference("Observation/closed"));
        panel["contained"] = new JsonArray(new JsonObject { ["resourceType"] = "Patient", ["id"] = "c", ["telecom"] = new JsonArray(new JsonObject { ["system"] = "email", ["value"] = Hidden }) });
        panel["focus"] = new JsonArray(TwoPatients.Reference("#c"));
        yield return panel;
        var derived = Labelled(Observation("closed-derived", "closed-code"));
        derived["derivedFrom"] = new JsonArray(TwoPatients.Reference("Observation/open"));
        yield return derived;
        yield return new JsonObject
        {
            ["resourceType"] = "Condition", ["id"] = "condition", ["subject"] = TwoPatients.Reference("Patient/p"),
            ["code"] = new JsonObject { ["text"] = Hidden, ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://snomed.info/sct", ["code"] = Hidden }) },
        };
        yield return new JsonObject
        {
            ["resourceType"] = "Composition", ["id"] = "document", ["status"] = "final", ["date"] = "2024-05-06", ["title"] = "T", ["type"] = new JsonObject { ["text"] = "t" },
            ["subject"] = TwoPatients.Reference("Patient/p"), ["author"] = new JsonArray(TwoPatients.Reference("Practitioner/doctor")),
            ["section"] = new JsonArray(new JsonObject { ["entry"] = new JsonArray(TwoPatients.Reference("Observation/open"), TwoPatients.Reference("Observation/closed"), TwoPatients.Reference("Condition/condition")) }),
        };
    }
}
