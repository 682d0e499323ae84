using System.Net;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Earlier versions.</summary>
public sealed class HistoryReachTests(TwoPatients world) : OfTwoPatients(world)
{
    [Fact]
    public async Task A_resource_that_moved_shows_each_side_only_its_own_versions()
    {
        Assert.Equal("W/\"2\"", (await AsX("Observation/moved")).Header("ETag"));
        (await AsX("Observation/moved/_history/1")).IsOutcome(HttpStatusCode.NotFound, "not-found");
        var history = await AsX("Observation/moved/_history");
        Assert.Equal(1, history.Json.GetProperty("entry").GetArrayLength());
        Assert.DoesNotContain(TwoPatients.Canary, history.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await World.Server.GetAsync("fhir/Observation/moved/_history/1", World.OfY)).Status);
        (await World.Server.GetAsync("fhir/Observation/moved", World.OfY)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await World.Server.GetAsync("fhir/Observation/moved/_history/2", World.OfY)).IsOutcome(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task The_history_of_a_type_has_nothing_of_Y()
    {
        foreach (var type in new[] { "Observation", "Patient", "Encounter", "Appointment", "DiagnosticReport" })
        {
            var answer = await AsX($"{type}/_history?_count=1000");
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.DoesNotContain(TwoPatients.Canary, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(answer.Entries, e => e.Reference.Contains("/y", StringComparison.Ordinal) || e.Reference.EndsWith("/both", StringComparison.Ordinal));
        }
    }
}
