using System.Globalization;
using System.Net;

namespace FhirFacade.Server.Tests.Rest;

public sealed class ReadTests(FhirServer api) : IClassFixture<FhirServer>
{
    [Fact]
    public async Task A_stored_resource_comes_back_with_its_version()
    {
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(id));
        var answer = await api.GetAsync($"Patient/{id}");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/fhir+json; charset=utf-8", answer.Header("Content-Type"));
        Assert.Equal("W/\"1\"", answer.Header("ETag"));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal(answer.Body.Length.ToString(CultureInfo.InvariantCulture), answer.Header("Content-Length"));
        Assert.Equal("1", answer.Json.GetProperty("meta").GetProperty("versionId").GetString());
        Assert.Equal("Änne", answer.Json.GetProperty("name")[0].GetProperty("given")[0].GetString());
        var updated = answer.Json.GetProperty("meta").GetProperty("lastUpdated").GetDateTimeOffset();
        Assert.Equal(updated.ToString("R", CultureInfo.InvariantCulture), answer.Header("Last-Modified"));
    }

    [Fact]
    public async Task Digits_of_a_decimal_stay_as_they_were_written()
    {
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Observation(id, "nobody"));
        Assert.Equal("13.50", (await api.GetAsync($"Observation/{id}")).Json.GetProperty("valueQuantity").GetProperty("value").GetRawText());
        Assert.Contains("13.50", (await api.GetAsync($"Observation/{id}?_pretty=true")).Text, StringComparison.Ordinal);
        Assert.Contains("13.50", (await api.GetAsync($"Observation/{id}?_summary=true")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_404_and_what_is_no_id_too()
    {
        (await api.GetAsync($"Patient/{FhirServer.NewId()}")).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await api.GetAsync("Patient/a_b")).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await api.GetAsync("Patient/" + new string('a', 200))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(HttpStatusCode.BadRequest, (await api.GetAsync("Patient/%00")).Status);      // no path of HTTP's at all
        (await api.GetAsync("Patient/%F0%9F%98%80")).IsOutcome(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_type_that_R4_does_not_have_is_404()
    {
        (await api.GetAsync("Martian/1")).IsOutcome(HttpStatusCode.NotFound, "not-supported");
        (await api.GetAsync("patient/1")).IsOutcome(HttpStatusCode.NotFound, "not-supported");
        (await api.GetAsync("Parameters/1")).IsOutcome(HttpStatusCode.NotFound, "not-supported");
        (await api.GetAsync("DomainResource/1")).IsOutcome(HttpStatusCode.NotFound, "not-supported");
    }

    [Fact]
    public async Task A_reader_that_has_the_version_gets_304_without_a_body()
    {
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(id));
        foreach (var tag in new[] { "W/\"1\"", "\"1\"", "W/\"7\", W/\"1\"", "*" })
        {
            var known = await api.GetAsync($"Patient/{id}", ("If-None-Match", tag));
            Assert.Equal(HttpStatusCode.NotModified, known.Status);
            Assert.Empty(known.Body);
            Assert.Equal("W/\"1\"", known.Header("ETag"));
        }
        foreach (var tag in new[] { "W/\"2\"", "\"x\"", "1" })
        {
            Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"Patient/{id}", ("If-None-Match", tag))).Status);
        }
    }

    [Fact]
    public async Task A_reader_that_has_the_time_gets_304_too()
    {
        var id = FhirServer.NewId();
        var modified = (await api.PutAsync(FhirServer.Patient(id))).Header("Last-Modified")!;
        Assert.Equal(HttpStatusCode.NotModified, (await api.GetAsync($"Patient/{id}", ("If-Modified-Since", modified))).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"Patient/{id}", ("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"Patient/{id}", ("If-Modified-Since", modified), ("If-None-Match", "W/\"9\""))).Status);
    }

    [Fact]
    public async Task HEAD_gives_the_headers_alone()
    {
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(id));
        var answer = await api.Server.SendAsync(HttpMethod.Head, $"fhir/Patient/{id}", api.Root);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(answer.Body);
        Assert.Equal("W/\"1\"", answer.Header("ETag"));
        Assert.Equal(HttpStatusCode.NotFound, (await api.Server.SendAsync(HttpMethod.Head, "fhir/Patient/nobody", api.Root)).Status);
    }

    [Fact]
    public async Task Every_version_can_be_read()
    {
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(id, "First"));
        await api.PutAsync(FhirServer.Patient(id, "Second"));
        var first = await api.GetAsync($"Patient/{id}/_history/1");
        Assert.Equal("First", first.Json.GetProperty("name")[0].GetProperty("family").GetString());
        Assert.Equal("W/\"1\"", first.Header("ETag"));
        Assert.Equal("Second", (await api.GetAsync($"Patient/{id}/_history/2")).Json.GetProperty("name")[0].GetProperty("family").GetString());
        foreach (var version in new[] { "3", "0", "-1", "x", "99999999999999" })
        {
            (await api.GetAsync($"Patient/{id}/_history/{version}")).IsOutcome(HttpStatusCode.NotFound, "not-found");
        }
        Assert.Equal(HttpStatusCode.NotModified, (await api.GetAsync($"Patient/{id}/_history/1", ("If-None-Match", "W/\"1\""))).Status);
    }
}
