using System.Net;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Tests.Rest;

public sealed class WriteTests(FhirServer api) : IClassFixture<FhirServer>
{
    private Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, params (string, string)[] headers) =>
        api.Server.SendAsync(method, "fhir/" + path, api.Root, body, headers: headers);

    [Fact]
    public async Task A_create_chooses_the_id_and_says_where_it_is()
    {
        var answer = await SendAsync(HttpMethod.Post, "Patient", FhirServer.Patient("mine").ToJsonString());
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var id = answer.Json.GetProperty("id").GetString();
        Assert.NotEqual("mine", id);
        Assert.Equal($"{api.Server.Settings.FhirBase}/Patient/{id}/_history/1", answer.Header("Location"));
        Assert.Equal("W/\"1\"", answer.Header("ETag"));
        Assert.NotNull(answer.Header("Last-Modified"));
        Assert.Equal(answer.Body, (await api.GetAsync($"Patient/{id}")).Body);
    }

    [Fact]
    public async Task Prefer_decides_what_comes_back()
    {
        var body = FhirServer.Patient("mine").ToJsonString();
        var minimal = await SendAsync(HttpMethod.Post, "Patient", body, ("Prefer", "return=minimal"));
        Assert.Equal(HttpStatusCode.Created, minimal.Status);
        Assert.Empty(minimal.Body);
        Assert.NotNull(minimal.Header("Location"));
        var outcome = await SendAsync(HttpMethod.Post, "Patient", body, ("Prefer", "return=OperationOutcome"));
        outcome.IsOutcome(HttpStatusCode.Created, "informational");
        Assert.Equal("W/\"1\"", outcome.Header("ETag"));
    }

    [Fact]
    public async Task An_update_creates_then_makes_versions_and_an_equal_one_makes_none()
    {
        var id = FhirServer.NewId();
        Assert.Equal(HttpStatusCode.Created, (await api.PutAsync(FhirServer.Patient(id))).Status);
        var second = await api.PutAsync(FhirServer.Patient(id, "Changed"));
        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.Equal("W/\"2\"", second.Header("ETag"));
        Assert.Equal("W/\"2\"", (await api.PutAsync(FhirServer.Patient(id, "Changed"))).Header("ETag"));
    }

    [Fact]
    public async Task If_Match_lets_only_the_expected_version_be_replaced()
    {
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(id));
        var path = $"Patient/{id}";
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, path, FhirServer.Patient(id, "B").ToJsonString(), ("If-Match", "W/\"1\""))).Status);
        (await SendAsync(HttpMethod.Put, path, FhirServer.Patient(id, "C").ToJsonString(), ("If-Match", "W/\"1\""))).IsOutcome(HttpStatusCode.PreconditionFailed, "conflict");
        (await SendAsync(HttpMethod.Put, path, FhirServer.Patient(id, "C").ToJsonString(), ("If-Match", "2"))).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await SendAsync(HttpMethod.Delete, path, null, ("If-Match", "W/\"1\""))).IsOutcome(HttpStatusCode.PreconditionFailed, "conflict");
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, path, null, ("If-Match", "W/\"2\""))).Status);
        var absent = FhirServer.NewId();
        (await SendAsync(HttpMethod.Put, $"Patient/{absent}", FhirServer.Patient(absent).ToJsonString(), ("If-Match", "W/\"1\""))).IsOutcome(HttpStatusCode.PreconditionFailed, "conflict");
        (await SendAsync(HttpMethod.Delete, $"Patient/{absent}", null, ("If-Match", "W/\"1\""))).IsOutcome(HttpStatusCode.PreconditionFailed, "conflict");
    }

    [Fact]
    public async Task Fifty_writers_of_one_resource_with_If_Match_lose_no_update()
    {
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(id, "0"));
        var won = 0;
        await Parallel.ForEachAsync(Enumerable.Range(1, 50), new ParallelOptions { MaxDegreeOfParallelism = 10 }, async (i, _) =>
        {
            while (true)
            {
                var tag = (await api.GetAsync($"Patient/{id}")).Header("ETag")!;
                var answer = await SendAsync(HttpMethod.Put, $"Patient/{id}", FhirServer.Patient(id, $"writer {i}").ToJsonString(), ("If-Match", tag));
                if (answer.Status == HttpStatusCode.OK)
                {
                    Interlocked.Increment(ref won);
                    return;
                }
                Assert.Equal(HttpStatusCode.PreconditionFailed, answer.Status);
            }
        });
        Assert.Equal(50, won);
        Assert.Equal("W/\"51\"", (await api.GetAsync($"Patient/{id}")).Header("ETag"));
    }

    [Fact]
    public async Task A_deleted_resource_is_410_and_its_earlier_versions_stay()
    {
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(id));
        var deleted = await SendAsync(HttpMethod.Delete, $"Patient/{id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Empty(deleted.Body);
        Assert.Equal("W/\"2\"", deleted.Header("ETag"));
        var gone = await api.GetAsync($"Patient/{id}");
        gone.IsOutcome(HttpStatusCode.Gone, "deleted");
        Assert.Equal("W/\"2\"", gone.Header("ETag"));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"Patient/{id}/_history/1")).Status);
        (await api.GetAsync($"Patient/{id}/_history/2")).IsOutcome(HttpStatusCode.Gone, "deleted");
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"Patient/{id}")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"Patient/{FhirServer.NewId()}")).Status);
        var again = await api.PutAsync(FhirServer.Patient(id));
        Assert.Equal(HttpStatusCode.Created, again.Status);
        Assert.Equal("W/\"3\"", again.Header("ETag"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"resourceType\":\"Patient\",\"gender\":\"male\",\"gender\":\"female\"}")]
    [InlineData("{\"resourceType\":\"Patient\"} x")]
    [InlineData("{\"resourceType\":\"Observation\",\"status\":\"final\"}")]
    [InlineData("{\"resourceType\":7}")]
    [InlineData("{\"id\":\"x\"}")]
    public async Task A_body_that_is_not_the_JSON_of_such_a_resource_is_400(string body)
    {
        var answer = await SendAsync(HttpMethod.Post, "Patient", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("OperationOutcome", answer.Json.GetProperty("resourceType").GetString());
    }

    [Fact]
    public async Task Malformed_JSON_is_told_with_its_place()
    {
        var answer = await SendAsync(HttpMethod.Post, "Patient", "{\n\"resourceType\": \"Patient\",\n\"gender\": }");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Matches("line|byte|position", answer.Json.GetProperty("issue")[0].GetProperty("diagnostics").GetString());
    }

    [Fact]
    public async Task A_body_that_is_no_valid_resource_is_422_with_the_place_and_never_the_value()
    {
        var body = FhirServer.Patient("mine");
        body["gender"] = "canary-value";
        body["birthDate"] = "canary-date";
        body["surname"] = "canary-name";
        var answer = await SendAsync(HttpMethod.Post, "Patient", body.ToJsonString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        var places = answer.Json.GetProperty("issue").EnumerateArray().Where(i => i.TryGetProperty("expression", out _)).Select(i => i.GetProperty("expression")[0].GetString());
        Assert.Contains("Patient.birthDate", places);
        Assert.DoesNotContain("canary-value", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-date", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"family\":\"a\\u0000b\"")]
    [InlineData("\"family\":\"a\\ud800b\"")]
    [InlineData("\"family\":\"a\\u0001b\"")]
    [InlineData("\"fa\\u0000mily\":\"b\"")]
    [InlineData("\"family\":\"\"")]
    [InlineData("\"family\":null")]
    [InlineData("\"family\":[]")]
    [InlineData("\"period\":{\"start\":\"0000-00-00\"}")]
    [InlineData("\"period\":{\"start\":\"2024-02-30\"}")]
    public async Task Text_that_FHIR_does_not_allow_is_refused_and_not_a_failure(string name)
    {
        var answer = await SendAsync(HttpMethod.Post, "Patient", $$$"""{"resourceType":"Patient","name":[{{{{name}}}}]}""");
        Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity, $"{answer.Status} {answer.Text}");
        Assert.Equal("OperationOutcome", answer.Json.GetProperty("resourceType").GetString());
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "fhir/Patient")
        {
            Content = new ByteArrayContent([.. "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"a"u8, 0xff, 0xc0, .. "\"}]}"u8]),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/fhir+json");
        request.Headers.Authorization = new("Bearer", api.Root);
        using var response = await api.Server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task The_id_in_body_and_address_have_to_agree()
    {
        var id = FhirServer.NewId();
        (await SendAsync(HttpMethod.Put, $"Patient/{id}", FhirServer.Patient("other").ToJsonString())).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        var without = FhirServer.Patient(id);
        without.Remove("id");
        (await SendAsync(HttpMethod.Put, $"Patient/{id}", without.ToJsonString())).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await SendAsync(HttpMethod.Put, "Patient/a_b", FhirServer.Patient("a_b").ToJsonString())).IsOutcome(HttpStatusCode.BadRequest, "value");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json-patch+json")]
    [InlineData("application/fhir+json; fhirVersion=3.0")]
    [InlineData("application/fhir+json; charset=iso-8859-1")]
    public async Task Another_media_type_is_415(string contentType)
    {
        var answer = await api.Server.SendAsync(HttpMethod.Post, "fhir/Patient", api.Root, FhirServer.Patient("x").ToJsonString(), contentType);
        answer.IsOutcome(HttpStatusCode.UnsupportedMediaType, "not-supported");
    }

    [Fact]
    public async Task A_huge_body_is_413()
    {
        var body = FhirServer.Patient("x");
        body["language"] = new string('x', 17 << 20);
        (await SendAsync(HttpMethod.Post, "Patient", body.ToJsonString(), ("Expect", "100-continue"))).IsOutcome(HttpStatusCode.RequestEntityTooLarge, "too-long");
        body["language"] = new string('x', 40 << 20);
        (await SendAsync(HttpMethod.Post, "Patient", body.ToJsonString(), ("Expect", "100-continue"))).IsOutcome(HttpStatusCode.RequestEntityTooLarge, "too-long");
    }

    [Fact]
    public async Task Scopes_of_single_letters_open_single_interactions()
    {
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(id));
        var body = FhirServer.Patient(id, "New").ToJsonString();
        async Task<HttpStatusCode> Try(HttpMethod method, string path, string scope, string? send) =>
            (await api.Server.SendAsync(method, path, api.Server.Token(scope), send)).Status;
        Assert.Equal(HttpStatusCode.Forbidden, await Try(HttpMethod.Post, "fhir/Patient", "system/*.ruds", body));
        Assert.Equal(HttpStatusCode.Forbidden, await Try(HttpMethod.Put, $"fhir/Patient/{id}", "system/*.crds", body));
        Assert.Equal(HttpStatusCode.Forbidden, await Try(HttpMethod.Delete, $"fhir/Patient/{id}", "system/*.crus", null));
        Assert.Equal(HttpStatusCode.Forbidden, await Try(HttpMethod.Get, $"fhir/Patient/{id}", "system/*.cuds", null));
        Assert.Equal(HttpStatusCode.Forbidden, await Try(HttpMethod.Get, $"fhir/Patient/{id}/_history", "system/*.cuds", null));
        Assert.Equal(HttpStatusCode.Forbidden, await Try(HttpMethod.Get, "fhir/Patient/_history", "system/*.crud", null));
        Assert.Equal(HttpStatusCode.Created, await Try(HttpMethod.Post, "fhir/Patient", "system/Patient.c", body));
        Assert.Equal(HttpStatusCode.OK, await Try(HttpMethod.Put, $"fhir/Patient/{id}", "system/Patient.u", body));
        Assert.Equal(HttpStatusCode.NoContent, await Try(HttpMethod.Delete, $"fhir/Patient/{id}", "system/Patient.d", null));
    }
}
