using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Server.Tests.Rest;
using static FhirFacade.TestSupport.ConsentJson;

namespace FhirFacade.Server.Tests.Access;

/// <summary>A Binary says nothing of whom it is about: it is as closed as what it names as its security context, and as what shows it.</summary>
public sealed class BinaryContextTests(ConsentWorld world) : IClassFixture<ConsentWorld>
{
    private static readonly string[] Closed = ["shown", "shown-by-media", "in-context", "of-absent", "of-unknown", "in-context-of-type"];

    [Fact]
    public async Task What_is_closed_closes_its_file_on_every_path()
    {
        await FillAsync();
        foreach (var id in Closed)
        {
            foreach (var path in new[] { $"Binary/{id}", $"Binary/{id}/_history", $"Binary/{id}/_history/1" })
            {
                (await world.Server.GetAsync("fhir/" + path, world.Narrow)).IsOutcome(HttpStatusCode.NotFound, "not-found");
            }
            Assert.Empty((await world.Server.GetAsync("fhir/Binary?_id=" + id, world.Narrow)).Matches);
            (await world.Server.SendAsync(HttpMethod.Put, "fhir/Binary/" + id, world.Narrow, Binary(id).ToJsonString())).IsOutcome(HttpStatusCode.NotFound, "not-found");
            await world.Server.SendAsync(HttpMethod.Delete, "fhir/Binary/" + id, world.Narrow);
            Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/Binary/" + id, world.Root)).Status);
        }
        foreach (var path in new[] { "Binary?_total=accurate&_count=100", "Binary/_history", "_history?_count=100" })
        {
            Assert.DoesNotContain(PolicyWorld.Closed, (await world.Server.GetAsync("fhir/" + path, world.Narrow)).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Others_and_what_is_open_are_not_touched()
    {
        await FillAsync();
        foreach (var id in new[] { "plain", "open", "open-context" })
        {
            Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/Binary/" + id, world.Narrow)).Status);
            Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync($"fhir/Binary/{id}/_history/1", world.Narrow)).Status);
        }
        foreach (var id in new[] { "shown", "shown-by-media", "in-context", "in-context-of-type" })
        {
            Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/Binary/" + id, world.Other)).Status);
        }
    }

    [Fact]
    public async Task What_has_been_deleted_stays_as_closed_as_it_was()
    {
        await FillAsync();
        await world.PutAsync(Binary("gone", "DocumentReference/file-closed"));
        await world.DeleteAsync("Binary/gone");
        foreach (var path in new[] { "Binary/gone", "Binary/gone/_history/1", "Binary/gone/_history/2" })
        {
            (await world.Server.GetAsync("fhir/" + path, world.Narrow)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        }
        Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/Binary/gone/_history/1", world.Other)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await world.Server.GetAsync("fhir/Binary/gone", world.Other)).Status);
    }

    [Fact]
    public async Task It_opens_and_closes_with_what_it_belongs_to()
    {
        await FillAsync();
        await world.PutAsync(Binary("moves", "DocumentReference/moving"));
        await world.PutAsync(Document("moving", "nothing", isClosed: false));
        Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/Binary/moves", world.Narrow)).Status);
        await world.PutAsync(Document("moving", "nothing", isClosed: true));
        (await world.Server.GetAsync("fhir/Binary/moves", world.Narrow)).IsOutcome(HttpStatusCode.NotFound, "not-found");
    }

    private async Task FillAsync()
    {
        await world.PutAsync(Document("file-closed", "https://elsewhere.example/base/Binary/shown/_history/1", isClosed: true));
        await world.PutAsync(Document("file-open", "Binary/open", isClosed: false));
        var media = Document("media-closed", "", isClosed: true);
        media["resourceType"] = "Media";
        media["status"] = "completed";
        media["content"] = new JsonObject { ["url"] = "/fhir/Binary/shown-by-media" };
        await world.PutAsync(media);
        await world.PutAsync(Binary("plain", data: "open"));
        await world.PutAsync(Binary("open", data: "open"));
        await world.PutAsync(Binary("open-context", "DocumentReference/file-open/_history/1", "open"));
        await world.PutAsync(Binary("shown"));
        await world.PutAsync(Binary("shown-by-media"));
        await world.PutAsync(Binary("in-context", "DocumentReference/file-closed"));
        await world.PutAsync(Binary("in-context-of-type", "Observation/closed"));
        await world.PutAsync(Binary("of-absent", "DocumentReference/absent"));
        await world.PutAsync(Binary("of-unknown", "Basic/1"));
    }

    private static JsonObject Document(string id, string url, bool isClosed)
    {
        var document = new JsonObject
        {
            ["resourceType"] = "DocumentReference", ["id"] = id, ["status"] = "current", ["subject"] = Reference("Patient/p"),
            ["content"] = new JsonArray(new JsonObject { ["attachment"] = new JsonObject { ["url"] = url.Length == 0 ? "urn:x" : url } }),
        };
        if (isClosed)
        {
            document["meta"] = new JsonObject { ["security"] = new JsonArray(new JsonObject { ["system"] = Confidentiality, ["code"] = "R" }) };
        }
        return document;
    }

    private static JsonObject Binary(string id, string? context = null, string data = PolicyWorld.Closed)
    {
        var binary = new JsonObject { ["resourceType"] = "Binary", ["id"] = id, ["contentType"] = "text/plain", ["data"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(data)), ["language"] = data == "open" ? "en" : "x-" + data };
        if (context is not null)
        {
            binary["securityContext"] = Reference(context);
        }
        return binary;
    }
}
