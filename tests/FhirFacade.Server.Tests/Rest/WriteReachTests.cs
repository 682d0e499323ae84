using System.Net;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Writes.</summary>
public sealed class WriteReachTests(TwoPatients world) : OfTwoPatients(world)
{
    [Fact]
    public async Task Writing_reaches_nothing_of_Y_and_moves_nothing_there()
    {
        var token = World.Server.Token("patient/*.cruds", "x");
        Task<Answer> Send(HttpMethod method, string path, JsonObject? body, params (string, string)[] headers) =>
            World.Server.SendAsync(method, "fhir/" + path, token, body?.ToJsonString(), headers: headers);

        (await Send(HttpMethod.Put, "Observation/y-1", TwoPatients.Observation("y-1", "y", "718-7", 9))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await Send(HttpMethod.Put, "Observation/y-1", TwoPatients.Observation("y-1", "x", "718-7", 9))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await Send(HttpMethod.Put, "Observation/not-taken", TwoPatients.Observation("not-taken", "x", "718-7", 9))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await Send(HttpMethod.Put, "Observation/y-deleted", TwoPatients.Observation("y-deleted", "x", "718-7", 9))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await Send(HttpMethod.Put, "Observation/y-1", TwoPatients.Observation("y-1", "x", "718-7", 9), ("If-Match", "W/\"1\""))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await Send(HttpMethod.Put, "Observation/x-2", TwoPatients.Observation("x-2", "y", "718-7", 3))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await Send(HttpMethod.Post, "Observation", TwoPatients.Observation("new", "y", "718-7", 9))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        var without = TwoPatients.Observation("new", "x", "718-7", 9);
        without.Remove("subject");
        (await Send(HttpMethod.Post, "Observation", without)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await Send(HttpMethod.Post, "Practitioner", new JsonObject { ["resourceType"] = "Practitioner" })).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.NoContent, (await Send(HttpMethod.Delete, "Observation/y-1", null)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await Send(HttpMethod.Delete, "Observation/none", null)).Status);
        (await Send(HttpMethod.Delete, "Observation/y-1", null, ("If-Match", "W/\"1\""))).IsOutcome(HttpStatusCode.PreconditionFailed, "conflict");
        (await Send(HttpMethod.Delete, "Observation/none", null, ("If-Match", "W/\"1\""))).IsOutcome(HttpStatusCode.PreconditionFailed, "conflict");

        Assert.Equal("W/\"1\"", (await World.Server.GetAsync("fhir/Observation/y-1", World.Root)).Header("ETag"));
        Assert.Equal("W/\"1\"", (await World.Server.GetAsync("fhir/Observation/x-2", World.Root)).Header("ETag"));
        Assert.Equal(HttpStatusCode.NotFound, (await World.Server.GetAsync("fhir/Observation/not-taken", World.Root)).Status);
    }
}
