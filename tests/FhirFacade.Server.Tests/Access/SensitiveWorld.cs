using System.Text.Json.Nodes;
using FhirFacade.Fhir.Sensitivity;
using FhirFacade.Server.Access;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Storage.Search.Index;

namespace FhirFacade.Server.Tests.Access;

/// <summary>A server that holds a patient's ordinary and sensitive records. What is sensitive carries <see cref="Canary"/>, and nobody has labelled it.</summary>
public sealed class SensitiveWorld : IAsyncLifetime
{
    public const string Canary = "canary-sensitive";
    public const string Icd = "http://hl7.org/fhir/sid/icd-10-cm";

    private TestDatabase database = null!;

    public Npgsql.NpgsqlDataSource Database => database.DataSource;

    public RunningServer Server { get; private set; } = null!;

    /// <summary>Treats.</summary>
    public string Root { get; private set; } = null!;

    /// <summary>Does research, and is entitled to no category.</summary>
    public string Study { get; private set; } = null!;

    /// <summary>The same with one patient's records.</summary>
    public string StudyOfPatient { get; private set; } = null!;

    /// <summary>Does research on HIV.</summary>
    public string HivStudy { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestCluster.NewDatabaseAsync();
        Server = await RunningServer.StartAsync(database.DataSource, access: new AccessOptions
        {
            Policies =
            [
                new ClientPolicyOptions { Client = "study", PurposesOfUse = ["HRESCH", "TREAT"] },
                new ClientPolicyOptions { Client = "hiv-study", PurposesOfUse = ["HRESCH"], SensitiveCategories = ["hiv"] },
            ],
        });
        Root = Server.Token(FhirServer.Everything);
        Study = Server.Token(FhirServer.Everything, client: "study");
        StudyOfPatient = Server.Token("patient/*.cruds", "p", "study");
        HivStudy = Server.Token(FhirServer.Everything, client: "hiv-study");
        await PutAsync(FhirServer.Patient("p"));
        await PutAsync(Condition("plain", "I10"));
        await PutAsync(Condition("alcohol", "F10.20"));
        await PutAsync(Condition("hiv", "B20"));
        await PutAsync(Condition("gone", "F10.20"));
        await Server.SendAsync(HttpMethod.Delete, "fhir/Condition/gone", Root);
        var panel = FhirServer.Observation("panel", "p");
        panel["hasMember"] = new JsonArray(TwoPatients.Reference("Observation/drugs"));
        await PutAsync(panel);
        var drugs = FhirServer.Observation("drugs", "p", "65750-2");
        drugs["note"] = new JsonArray(new JsonObject { ["text"] = Canary });
        drugs["derivedFrom"] = new JsonArray(TwoPatients.Reference("Observation/panel"));
        await PutAsync(drugs);
    }

    public static JsonObject Condition(string id, string code) => new()
    {
        ["resourceType"] = "Condition", ["id"] = id, ["subject"] = TwoPatients.Reference("Patient/p"),
        ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = Icd, ["code"] = code }), ["text"] = code == "I10" ? "pressure" : Canary },
    };

    public async Task<Answer> PutAsync(JsonObject resource)
    {
        var answer = await Server.SendAsync(HttpMethod.Put, $"fhir/{resource["resourceType"]}/{resource["id"]}", Root, resource.ToJsonString());
        Assert.True((int)answer.Status is 200 or 201, answer.Text);
        return answer;
    }

    /// <summary>The labels of a stored resource; those that the server made with a star.</summary>
    public async Task<string> LabelsAsync(string reference)
    {
        var json = (await Server.GetAsync("fhir/" + reference, Root)).Json;
        var made = SecurityLabels.In(json, madeOnly: true);
        return string.Join(' ', SecurityLabels.In(json).Select(label => label.Code + (made.Contains(label) ? "*" : "")));
    }

    /// <summary>Makes the stored resources what a server without rules would have left.</summary>
    public async Task UnlabelAsync()
    {
        long[] terms = [.. SensitivityRules.BuiltIn.Categories.SelectMany(category => category.Labels).Distinct().SelectMany(label => new[]
        {
            Terms.Token("_security", label.System, label.Code), Terms.TokenCode("_security", label.Code), Terms.TokenSystem("_security", label.System),
        })];
        foreach (var type in new[] { "condition", "observation", "diagnosticreport" })
        {
            await ExecuteAsync($"update r.{type} set doc = (doc::jsonb #- '{{meta,security}}')::json, terms = array(select t from unnest(terms) t where t <> all($1) order by t)", terms);
        }
        await ExecuteAsync("update history set doc = (doc::jsonb #- '{meta,security}')::json, terms = array(select t from unnest(terms) t where t <> all($1) order by t) where type in ('Condition', 'Observation', 'DiagnosticReport')", terms);
        await ExecuteAsync("delete from label_type where $1::bigint[] is not null", terms);
    }

    private async Task ExecuteAsync(string sql, long[] terms)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        command.Parameters.Add(new() { Value = terms });
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await database.DisposeAsync();
    }
}
