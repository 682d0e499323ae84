using System.Net;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Reading by id, by version and by condition.</summary>
public sealed class ReadReachTests(TwoPatients world) : OfTwoPatients(world)
{
    [Fact]
    public async Task The_canary_sings_for_those_who_may_hear_it()
    {
        Assert.Contains(TwoPatients.Canary, (await World.Server.GetAsync("fhir/Observation/y-1", World.OfY)).Text, StringComparison.Ordinal);
        Assert.Contains(TwoPatients.Canary, (await World.Server.GetAsync("fhir/Observation?code=secret", World.Root)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await AsX("Observation/x-1")).Status);
    }

    [Theory]
    [InlineData("Observation/y-1")]
    [InlineData("Observation/y-1/_history/1")]
    [InlineData("Observation/y-1/_history")]
    [InlineData("Observation/y-1?_summary=true")]
    [InlineData("Observation/y-1?_elements=id")]
    [InlineData("Observation/y-deleted")]
    [InlineData("Observation/y-deleted/_history")]
    [InlineData("Observation/y-deleted/_history/2")]
    [InlineData("Observation/nobodys")]
    [InlineData("Patient/y")]
    [InlineData("Patient/y/_history")]
    [InlineData("Encounter/y-encounter")]
    [InlineData("DiagnosticReport/y-report")]
    [InlineData("Appointment/both")]
    [InlineData("Appointment/both/_history")]
    public async Task Whatever_is_of_Y_looks_exactly_like_what_is_not_there(string path)
    {
        var hidden = await AsX(path);
        var type = path[..path.IndexOf('/', StringComparison.Ordinal)];
        var rest = path[type.Length..].Replace("y-1", "none", StringComparison.Ordinal).Replace("y-deleted", "none", StringComparison.Ordinal)
            .Replace("/y", "/none", StringComparison.Ordinal).Replace("both", "none", StringComparison.Ordinal).Replace("nobodys", "none", StringComparison.Ordinal);
        var absent = await AsX(type + rest);
        hidden.IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(absent.Status, hidden.Status);
        Assert.Equal(absent.Body, hidden.Body);
        Assert.Equal(Comparable(absent), Comparable(hidden));
    }

    [Theory]
    [InlineData("If-None-Match", "W/\"1\"")]
    [InlineData("If-None-Match", "*")]
    [InlineData("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")]
    [InlineData("If-Match", "W/\"1\"")]
    public async Task Conditional_headers_do_not_tell_that_it_is_there(string header, string value)
    {
        (await AsX("Observation/y-1", (header, value))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await AsX("Observation/y-1/_history/1", (header, value))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        var head = await World.Server.SendAsync(HttpMethod.Head, "fhir/Observation/y-1", World.OfX, headers: (header, value));
        Assert.Equal(HttpStatusCode.NotFound, head.Status);
        Assert.Null(head.Header("ETag"));
    }

    private static IEnumerable<string> Comparable(Answer answer) => answer.Headers
        .Where(h => !h.Key.Equals("X-Request-Id", StringComparison.OrdinalIgnoreCase) && h.Key != "Date")
        .Select(h => $"{h.Key}: {string.Join(", ", h)}").Order(StringComparer.Ordinal);
}
