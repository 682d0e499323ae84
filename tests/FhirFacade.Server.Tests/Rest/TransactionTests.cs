using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Batch and transaction (R4 http.html).</summary>
public sealed class TransactionTests(FhirServer api) : IClassFixture<FhirServer>
{
    private readonly string number = FhirServer.NewId();

    private Task<Answer> PostAsync(string type, JsonArray entries, string? token = null, params (string, string)[] headers) =>
        api.Server.SendAsync(HttpMethod.Post, "fhir", token ?? api.Root, new JsonObject { ["resourceType"] = "Bundle", ["type"] = type, ["entry"] = entries }.ToJsonString(), headers: headers);

    private static JsonObject Entry(string method, string url, JsonObject? resource = null, string? fullUrl = null, string? ifNoneExist = null, string? ifMatch = null)
    {
        var request = new JsonObject { ["method"] = method, ["url"] = url };
        if (ifNoneExist is not null)
        {
            request["ifNoneExist"] = ifNoneExist;
        }
        if (ifMatch is not null)
        {
            request["ifMatch"] = ifMatch;
        }
        var entry = new JsonObject { ["request"] = request };
        if (fullUrl is not null)
        {
            entry["fullUrl"] = fullUrl;
        }
        if (resource is not null)
        {
            entry["resource"] = resource;
        }
        return entry;
    }

    private JsonObject Patient(string? value = null)
    {
        var patient = FhirServer.Patient("x");
        patient.Remove("id");
        patient["identifier"] = new JsonArray(new JsonObject { ["system"] = "urn:test", ["value"] = value ?? number });
        return patient;
    }

    private static List<JsonElement> Responses(Answer answer) => [.. answer.Json.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("response"))];

    private static string IdIn(JsonElement response) => response.GetProperty("location").GetString()!.Split('/')[1];

    [Fact]
    public async Task References_between_entries_are_rewritten_everywhere_they_may_be()
    {
        const string Person = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";
        const string Lab = "http://elsewhere.example/fhir/Observation/17";
        var observation = FhirServer.Observation("x", "p");
        observation.Remove("id");
        observation["subject"] = new JsonObject { ["reference"] = Person, ["display"] = Person };
        observation["identifier"] = new JsonArray(new JsonObject { ["system"] = "urn:ietf:rfc:3986", ["value"] = Person });
        observation["extension"] = new JsonArray(
            new JsonObject { ["url"] = "urn:a", ["valueUri"] = Person },
            new JsonObject { ["url"] = "urn:b", ["valueCanonical"] = Person },
            new JsonObject { ["url"] = "urn:c", ["valueReference"] = new JsonObject { ["reference"] = Person } });
        observation["text"] = new JsonObject { ["status"] = "generated", ["div"] = $"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"{Person}\">who</a> {Person}</div>" };
        var report = new JsonObject
        {
            ["resourceType"] = "DiagnosticReport", ["status"] = "final", ["code"] = new JsonObject { ["text"] = "report" },
            ["result"] = new JsonArray(new JsonObject { ["reference"] = "Observation/17" }, new JsonObject { ["reference"] = "Observation/18" }),
        };
        var answer = await PostAsync("transaction", [
            Entry("POST", "DiagnosticReport", report, "http://elsewhere.example/fhir/DiagnosticReport/1"), Entry("POST", "Observation", observation, Lab), Entry("POST", "Patient", Patient(), Person)]);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("transaction-response", answer.Json.GetProperty("type").GetString());
        var responses = Responses(answer);
        Assert.All(responses, r => Assert.Equal("201 Created", r.GetProperty("status").GetString()));
        Assert.All(responses, r => Assert.Equal("W/\"1\"", r.GetProperty("etag").GetString()));
        var patient = $"Patient/{IdIn(responses[2])}";
        var stored = (await api.GetAsync($"Observation/{IdIn(responses[1])}")).Json;
        Assert.Equal(patient, stored.GetProperty("subject").GetProperty("reference").GetString());
        Assert.Equal(Person, stored.GetProperty("subject").GetProperty("display").GetString());
        Assert.Equal(Person, stored.GetProperty("identifier")[0].GetProperty("value").GetString());
        Assert.Equal(patient, stored.GetProperty("extension")[0].GetProperty("valueUri").GetString());
        Assert.Equal(Person, stored.GetProperty("extension")[1].GetProperty("valueCanonical").GetString());
        Assert.Equal(patient, stored.GetProperty("extension")[2].GetProperty("valueReference").GetProperty("reference").GetString());
        Assert.Contains($"href=\"{patient}\"", stored.GetProperty("text").GetProperty("div").GetString(), StringComparison.Ordinal);
        Assert.Equal("13.50", stored.GetProperty("valueQuantity").GetProperty("value").GetRawText());
        var results = (await api.GetAsync($"DiagnosticReport/{IdIn(responses[0])}")).Json.GetProperty("result");
        Assert.Equal($"Observation/{IdIn(responses[1])}", results[0].GetProperty("reference").GetString());
        Assert.Equal("Observation/18", results[1].GetProperty("reference").GetString());
    }

    [Fact]
    public async Task Conditional_creates_and_references_find_what_is_there()
    {
        const string Person = "urn:uuid:11111111-1cbf-4d64-b04d-cd9187a4c6e0";
        JsonObject Lab(string reference)
        {
            var lab = FhirServer.Observation("x", "p");
            lab["subject"] = new JsonObject { ["reference"] = reference };
            return lab;
        }
        var criteria = $"identifier=urn:test|{number}";
        var first = Responses(await PostAsync("transaction", [Entry("POST", "Patient", Patient(), Person, criteria), Entry("POST", "Observation", Lab(Person))]));
        var second = Responses(await PostAsync("transaction", [Entry("POST", "Observation", Lab(Person)), Entry("POST", "Patient", Patient(), Person, criteria), Entry("POST", "Observation", Lab($"Patient?{criteria}"))]));
        Assert.Equal("201 Created", first[0].GetProperty("status").GetString());
        Assert.Equal("200 OK", second[1].GetProperty("status").GetString());
        Assert.Equal(IdIn(first[0]), IdIn(second[1]));
        foreach (var observation in new[] { first[1], second[0], second[2] })
        {
            Assert.Equal($"Patient/{IdIn(first[0])}", (await api.GetAsync($"Observation/{IdIn(observation)}")).Json.GetProperty("subject").GetProperty("reference").GetString());
        }
        (await PostAsync("transaction", [Entry("POST", "Observation", Lab("Patient?identifier=urn:test|nobodys"))])).IsOutcome(HttpStatusCode.PreconditionFailed, "not-found");
    }

    [Fact]
    public async Task A_conditional_reference_finds_what_the_transaction_itself_creates()
    {
        // The clinic is found by its identifier, and the patient who names it so by a third: neither is stored yet.
        var clinic = new JsonObject { ["resourceType"] = "Organization", ["name"] = "Clinic", ["identifier"] = new JsonArray(new JsonObject { ["system"] = "urn:clinic", ["value"] = number }) };
        var patient = Patient();
        patient["managingOrganization"] = new JsonObject { ["reference"] = $"Organization?identifier=urn:clinic|{number}" };
        var observation = FhirServer.Observation("x", "p");
        observation.Remove("id");
        observation["subject"] = new JsonObject { ["reference"] = $"Patient?identifier=urn:test|{number}" };
        var answer = await PostAsync("transaction", [Entry("POST", "Observation", observation), Entry("POST", "Patient", patient), Entry("POST", "Organization", clinic)]);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var ids = Responses(answer).ConvertAll(IdIn);
        Assert.Equal($"Patient/{ids[1]}", (await api.GetAsync($"Observation/{ids[0]}")).Json.GetProperty("subject").GetProperty("reference").GetString());
        Assert.Equal($"Organization/{ids[2]}", (await api.GetAsync($"Patient/{ids[1]}")).Json.GetProperty("managingOrganization").GetProperty("reference").GetString());

        // A second of the same identifier makes the reference ambiguous, whether it is stored or comes along.
        observation["subject"] = new JsonObject { ["reference"] = $"Patient?identifier=urn:test|{number}" };
        (await PostAsync("transaction", [Entry("POST", "Patient", Patient()), Entry("POST", "Observation", (JsonObject)observation.DeepClone())])).IsOutcome(HttpStatusCode.PreconditionFailed, "multiple-matches");
    }

    [Fact]
    public async Task A_conditional_reference_does_not_find_what_the_transaction_deletes()
    {
        var id = IdIn(Responses(await PostAsync("transaction", [Entry("POST", "Patient", Patient())]))[0]);
        var observation = FhirServer.Observation("x", "p");
        observation.Remove("id");
        observation["subject"] = new JsonObject { ["reference"] = $"Patient?identifier=urn:test|{number}" };
        (await PostAsync("transaction", [Entry("POST", "Observation", observation), Entry("DELETE", $"Patient/{id}")])).IsOutcome(HttpStatusCode.PreconditionFailed, "not-found");
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"Patient/{id}")).Status);
    }

    [Fact]
    public async Task Conditional_references_in_a_circle_are_refused()
    {
        var patient = Patient();
        patient["managingOrganization"] = new JsonObject { ["reference"] = $"Organization?identifier=urn:clinic|{number}" };
        var organization = new JsonObject
        {
            ["resourceType"] = "Organization", ["name"] = "Clinic", ["identifier"] = new JsonArray(new JsonObject { ["system"] = "urn:clinic", ["value"] = number }),
            ["partOf"] = new JsonObject { ["reference"] = $"Organization?identifier=urn:other|{number}" },
        };
        (await PostAsync("transaction", [Entry("POST", "Patient", patient), Entry("POST", "Organization", organization)])).IsOutcome(HttpStatusCode.PreconditionFailed, "not-found");
    }

    [Fact]
    public async Task Of_more_entries_than_are_written_at_once_the_last_can_still_undo_the_first()
    {
        JsonObject Numbered(int i)
        {
            var observation = FhirServer.Observation("x", "p");
            observation.Remove("id");
            observation["identifier"] = new JsonArray(new JsonObject { ["system"] = "urn:many", ["value"] = number });
            observation["method"] = new JsonObject { ["text"] = $"no. {i}" };
            observation["derivedFrom"] = new JsonArray(new JsonObject { ["reference"] = $"urn:uuid:{(i + 1) % 2500}" });
            return observation;
        }
        JsonArray Entries() => [.. Enumerable.Range(0, 2500).Select(i => (JsonNode)Entry("POST", "Observation", Numbered(i), $"urn:uuid:{i}"))];
        var broken = Entries();
        broken[2499]!["resource"]!["status"] = "no such status";
        var refused = await PostAsync("transaction", broken);
        refused.IsOutcome(HttpStatusCode.UnprocessableEntity, "code-invalid");
        Assert.Contains("Bundle.entry[2499]", refused.Json.GetProperty("issue")[0].GetProperty("expression")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await api.GetAsync($"Observation?identifier=urn:many|{number}&_summary=count")).Json.GetProperty("total").GetInt32());
        var answer = await PostAsync("transaction", Entries());
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var ids = Responses(answer).ConvertAll(IdIn);
        Assert.Equal($"Observation/{ids[0]}", (await api.GetAsync($"Observation/{ids[2499]}")).Json.GetProperty("derivedFrom")[0].GetProperty("reference").GetString());
        Assert.Equal($"Observation/{ids[2000]}", (await api.GetAsync($"Observation/{ids[1999]}")).Json.GetProperty("derivedFrom")[0].GetProperty("reference").GetString());
    }

    [Fact]
    public async Task It_is_done_as_a_whole_or_not_at_all()
    {
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(id));
        var failing = new[]
        {
            (Entry("PUT", $"Patient/{id}", FhirServer.Patient(id, "New"), ifMatch: "W/\"7\""), HttpStatusCode.PreconditionFailed),
            (Entry("POST", "Patient", new JsonObject { ["resourceType"] = "Patient", ["gender"] = "no-code" }), HttpStatusCode.UnprocessableEntity),
            (Entry("GET", "Patient/nobody"), HttpStatusCode.NotFound),
            (Entry("PATCH", "Patient/nobody", new JsonObject { ["resourceType"] = "Parameters" }), HttpStatusCode.NotFound),
            (Entry("PUT", "Nonsense/1", new JsonObject { ["resourceType"] = "Nonsense", ["id"] = "1" }), HttpStatusCode.NotFound),
            (Entry("GET", $"Patient/{id}/_history"), HttpStatusCode.BadRequest),
            (Entry("DELETE", $"Patient/{id}"), HttpStatusCode.BadRequest),
        };
        foreach (var (entry, status) in failing)
        {
            var answer = await PostAsync("transaction", [Entry("POST", "Patient", Patient()), Entry("PUT", $"Patient/{id}", FhirServer.Patient(id, "Undone")), (JsonObject)entry.DeepClone()]);
            if (status == HttpStatusCode.PreconditionFailed)
            {
                answer = await PostAsync("transaction", [Entry("POST", "Patient", Patient()), (JsonObject)entry.DeepClone()]);
            }
            Assert.True(status == answer.Status, $"{entry} {answer.Status} {answer.Text}");
            Assert.Contains("Bundle.entry[", answer.Text, StringComparison.Ordinal);
        }
        Assert.Equal("W/\"1\"", (await api.GetAsync($"Patient/{id}")).Header("ETag"));
        Assert.Equal(0, (await api.GetAsync($"Patient?identifier=urn:test|{number}&_summary=count")).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task The_verbs_have_their_order_and_reads_see_what_was_written()
    {
        var (kept, gone) = (FhirServer.NewId(), FhirServer.NewId());
        await api.PutAsync(FhirServer.Patient(kept));
        await api.PutAsync(FhirServer.Patient(gone));
        var patch = new JsonObject { ["resourceType"] = "Binary", ["contentType"] = "application/json-patch+json", ["data"] = Convert.ToBase64String("""[{"op":"replace","path":"/gender","value":"other"}]"""u8) };
        var answer = await PostAsync("transaction", [
            Entry("GET", $"Patient?identifier=urn:test|{number}"), Entry("GET", $"Patient/{kept}"), Entry("PATCH", $"Patient/{kept}", patch), Entry("POST", "Patient", Patient()), Entry("DELETE", $"Patient/{gone}")]);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["200 OK", "200 OK", "200 OK", "201 Created", "204 No Content"], Responses(answer).Select(r => r.GetProperty("status").GetString()));
        var entries = answer.Json.GetProperty("entry");
        Assert.Equal(1, entries[0].GetProperty("resource").GetProperty("total").GetInt32());
        Assert.Equal("other", entries[1].GetProperty("resource").GetProperty("gender").GetString());
        Assert.False(entries[3].TryGetProperty("resource", out _));
        Assert.Equal(HttpStatusCode.Gone, (await api.GetAsync($"Patient/{gone}")).Status);
        Assert.Empty(FhirFacade.Fhir.Validation.StructureValidator.Validate(answer.Json).Where(i => i.IsError));
    }

    [Fact]
    public async Task Prefer_and_the_format_are_of_the_whole()
    {
        var full = await PostAsync("transaction", [Entry("POST", "Patient", Patient())], null, ("Prefer", "return=representation"));
        Assert.Equal("Muster", full.Json.GetProperty("entry")[0].GetProperty("resource").GetProperty("name")[0].GetProperty("family").GetString());
        var outcome = await PostAsync("transaction", [Entry("POST", "Patient", Patient("2"))], null, ("Prefer", "return=OperationOutcome"));
        Assert.Equal("OperationOutcome", Responses(outcome)[0].GetProperty("outcome").GetProperty("resourceType").GetString());
        var xml = await PostAsync("batch", [Entry("POST", "Patient", Patient("3")), Entry("GET", "Patient/nobody")], null, ("Accept", "application/fhir+xml"));
        Assert.Empty(FhirFacade.Fhir.Xml.XmlResourceReader.Read(xml.Body).Issues);
    }

    [Fact]
    public async Task The_wish_that_an_answer_follows_is_told()
    {
        foreach (var type in new[] { "transaction", "batch" })
        {
            foreach (var wish in new[] { "return=minimal", "return=representation", "return=OperationOutcome" })
            {
                var answer = await PostAsync(type, [Entry("POST", "Patient", Patient())], headers: ("Prefer", wish));
                Assert.Equal(HttpStatusCode.OK, answer.Status);
                Assert.Equal(wish, answer.Header("Preference-Applied"));
                var entry = answer.Json.GetProperty("entry")[0];
                Assert.Equal(wish == "return=representation", entry.TryGetProperty("resource", out _));
                Assert.Equal(wish == "return=OperationOutcome", entry.GetProperty("response").TryGetProperty("outcome", out _));
            }
            Assert.Null((await PostAsync(type, [Entry("POST", "Patient", Patient())])).Header("Preference-Applied"));
        }
        Assert.Null((await PostAsync("transaction", [Entry("POST", "Patient", new JsonObject { ["resourceType"] = "Patient", ["shoeSize"] = 1 })], headers: ("Prefer", "return=minimal"))).Header("Preference-Applied"));
    }

    [Theory]
    [InlineData("POST", "Patient", """{"resourceType":"Patient",]}""")]
    [InlineData("POST", "Patient", """{"resourceType":"Patient"]""")]
    [InlineData("POST", "Patient", """{"resourceType":"Patient","active":true,"active":false}""")]
    [InlineData("POST", "Patient", """{"resourceType":"Patient","name":[{"family":"A","family":"B"}]}""")]
    [InlineData("POST", "Patient", """{"resourceType":"Patient","name":[{"family":"A","_family":{"id":"a"},"_family":{"id":"b"}}]}""")]
    [InlineData("POST", "Patient", """{"resourceType":"Patient","resourceType":"Patient"}""")]
    [InlineData("POST", "Patient", """{"resourceType":"Patient","name":[{"family":"\ud800"}]}""")]
    [InlineData("DELETE", "Patient/nobody", """{"resourceType":"Patient",]}""")]
    [InlineData("GET", "Patient", """{"resourceType":"Patient" "active":true}""")]
    public async Task What_cannot_be_read_in_an_entry_refuses_the_whole(string method, string url, string resource)
    {
        var good = Patient().ToJsonString();
        var answer = await api.Server.SendAsync(HttpMethod.Post, "fhir", api.Root, $$$"""
            {"resourceType":"Bundle","type":"transaction","entry":[{"resource":{{{good}}},"request":{"method":"POST","url":"Patient"}},{"resource":{{{resource}}},"request":{"method":"{{{method}}}","url":"{{{url}}}"}}]}
            """);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Empty((await api.Server.GetAsync($"fhir/Patient?identifier=urn:test|{number}", api.Root)).Matches);
    }

    [Fact]
    public async Task A_batch_carries_on_where_an_entry_fails()
    {
        var id = FhirServer.NewId();
        var answer = await PostAsync("batch", [
            Entry("PUT", $"Patient/{id}", FhirServer.Patient(id)), Entry("GET", "Patient/nobody"), Entry("GET", $"Patient?_id={id}"), Entry("POST", "Patient", new JsonObject { ["resourceType"] = "Observation" }),
            Entry("GET", $"Patient/{id}/_history"), Entry("DELETE", $"Patient/{id}"), Entry("GET", "metadata?_elements=fhirVersion"), Entry("POST", "Patient", Patient(), ifNoneExist: $"identifier=urn:test|{number}")]);
        Assert.Equal("batch-response", answer.Json.GetProperty("type").GetString());
        Assert.Equal(["201 Created", "404 Not Found", "200 OK", "400 Bad Request", "200 OK", "204 No Content", "200 OK", "201 Created"], Responses(answer).Select(r => r.GetProperty("status").GetString()));
        Assert.Equal("OperationOutcome", Responses(answer)[1].GetProperty("outcome").GetProperty("resourceType").GetString());
        Assert.Equal($"Patient/{id}/_history/1", Responses(answer)[0].GetProperty("location").GetString());
        Assert.Equal(id, answer.Json.GetProperty("entry")[2].GetProperty("resource").GetProperty("entry")[0].GetProperty("resource").GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("transaction")]
    public async Task Every_entry_is_held_to_the_grant(string type)
    {
        var (mine, yours) = (FhirServer.NewId(), FhirServer.NewId());
        await api.PutAsync(FhirServer.Observation(mine, "x"));
        await api.PutAsync(FhirServer.Observation(yours, "y", "canary"));
        var token = api.Server.Token("patient/*.cruds", "x");
        var attempts = new[]
        {
            Entry("GET", $"Observation/{yours}"), Entry("PUT", $"Observation/{yours}", FhirServer.Observation(yours, "x")), Entry("PUT", $"Observation/{mine}", FhirServer.Observation(mine, "y")),
            Entry("POST", "Observation", FhirServer.Observation("n", "y")), Entry("PUT", "Observation?code=canary", FhirServer.Observation("n", "y")), Entry("GET", "Questionnaire"),
            Entry("POST", "Organization", new JsonObject { ["resourceType"] = "Organization", ["name"] = "o" }), Entry("PATCH", $"Observation/{yours}", new JsonObject { ["resourceType"] = "Parameters" }),
        };
        foreach (var attempt in attempts)
        {
            var answer = await PostAsync(type, [attempt], token);
            var status = type == "batch" ? Responses(answer)[0].GetProperty("status").GetString()![..3] : ((int)answer.Status).ToString(System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(status is "403" or "404", $"{attempt["request"]} {status}");
            Assert.DoesNotContain("canary", answer.Text, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("canary", (await PostAsync(type, [Entry("GET", "Observation?code=canary"), Entry("DELETE", "Observation?code=canary"), Entry("DELETE", $"Observation/{yours}")], token)).Text.Replace("code=canary", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var reference = FhirServer.Observation("n", "x");
        reference["hasMember"] = new JsonArray(new JsonObject { ["reference"] = "Observation?code=canary" });
        if (type == "transaction")
        {
            (await PostAsync(type, [Entry("POST", "Observation", reference)], token)).IsOutcome(HttpStatusCode.PreconditionFailed, "not-found");
        }
        Assert.Equal("W/\"1\"", (await api.GetAsync($"Observation/{yours}")).Header("ETag"));
        Assert.Equal("W/\"1\"", (await api.GetAsync($"Observation/{mine}")).Header("ETag"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.Server.SendAsync(HttpMethod.Post, "fhir", null, "{}")).Status);
    }

    [Theory]
    [InlineData("""{"resourceType":"Bundle","type":"searchset"}""")]
    [InlineData("""{"resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Bundle","type":"batch","entry":[{}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"POST","url":""}}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"GET","url":"https://evil.example/fhir/Patient/1"}}]}""")]
    [InlineData("""{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"TRACE","url":"Patient/1"}}]}""")]
    public async Task What_is_no_batch_is_400(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await api.Server.SendAsync(HttpMethod.Post, "fhir", api.Root, body)).Status);

    [Fact]
    public async Task A_batch_reaches_nothing_beside_the_API()
    {
        var answer = await PostAsync("batch", [Entry("GET", "../health/ready"), Entry("GET", "../oauth/token"), Entry("POST", "?x=1/../", new JsonObject { ["resourceType"] = "Bundle", ["type"] = "batch" })]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer = await PostAsync("batch", [Entry("GET", "../health/ready"), Entry("GET", "%2e%2e/health/ready")]);
        Assert.All(Responses(answer), r => Assert.Equal("404 Not Found", r.GetProperty("status").GetString()));
    }
}
