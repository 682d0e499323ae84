using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Terminology that is stored: code systems, value sets and maps that clients have put there, for those whose grant opens them.</summary>
public sealed class TerminologyTests(FhirServer api) : IClassFixture<FhirServer>
{
    private readonly string key = Guid.NewGuid().ToString("N")[..8];

    private string System => $"http://site.example/{key}/colours";

    private string Warm => $"http://site.example/{key}/warm";

    private string Map => $"http://site.example/{key}/map";

    [Fact]
    public async Task Stored_value_sets_are_expanded_with_what_they_build_on()
    {
        await StoreAsync();
        var expansion = (await api.GetAsync($"ValueSet/$expand?url={Warm}")).Json.GetProperty("expansion");
        Assert.Equal(["red", "crimson", "orange"], expansion.GetProperty("contains").EnumerateArray().Select(c => c.GetProperty("code").GetString()));
        Assert.Equal($"{System}|7", expansion.GetProperty("parameter")[0].GetProperty("valueUri").GetString());
        var nested = (await api.GetAsync($"ValueSet/{key}-warm/$expand?excludeNested=false")).Json.GetProperty("expansion").GetProperty("contains");
        Assert.Equal("crimson", nested[0].GetProperty("contains")[0].GetProperty("code").GetString());
        var outer = new JsonObject { ["resourceType"] = "ValueSet", ["status"] = "active", ["compose"] = new JsonObject { ["include"] = new JsonArray(new JsonObject { ["valueSet"] = new JsonArray(Warm) }), ["exclude"] = Include("crimson") } };
        var given = await api.Server.SendAsync(HttpMethod.Post, "fhir/ValueSet/$expand", api.Root, Parameters(("valueSet", outer)).ToJsonString());
        Assert.Equal(2, given.Json.GetProperty("expansion").GetProperty("total").GetInt32());
        Assert.False(given.Json.TryGetProperty("url", out _));
        (await api.GetAsync($"ValueSet/$expand?url={Warm}|9")).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"ValueSet/$expand?url={Warm}|1")).Status);
    }

    [Fact]
    public async Task Codes_are_looked_up_compared_checked_and_translated_by_what_is_stored()
    {
        await StoreAsync();
        var found = await api.GetAsync($"CodeSystem/$lookup?system={System}&code=crimson");
        Assert.Equal("Crimson", Part(found, "display").GetProperty("valueString").GetString());
        Assert.Equal("Karmesin", Part(found, "designation").GetProperty("part")[1].GetProperty("valueString").GetString());
        Assert.Equal("red", Part(found, "property").GetProperty("part")[1].GetProperty("valueCode").GetString());
        Assert.Equal("subsumes", Part(await api.GetAsync($"CodeSystem/$subsumes?system={System}&codeA=red&codeB=crimson"), "outcome").GetProperty("valueCode").GetString());
        Assert.Equal("subsumed-by", Part(await api.GetAsync($"CodeSystem/{key}-colours/$subsumes?codeA=crimson&codeB=red"), "outcome").GetProperty("valueCode").GetString());
        Assert.True(Result(await api.GetAsync($"CodeSystem/$validate-code?url={System}&code=blue")));
        Assert.True(Result(await api.GetAsync($"CodeSystem/{key}-colours/$validate-code?code=blue&display=blue")));
        Assert.False(Result(await api.GetAsync($"CodeSystem/{key}-colours/$validate-code?code=blue&display=green")));
        Assert.False(Result(await api.GetAsync($"ValueSet/$validate-code?url={Warm}&system={System}&code=blue")));
        Assert.True(Result(await api.GetAsync($"ValueSet/{key}-warm/$validate-code?system={System}&code=crimson")));
        var concept = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = System, ["code"] = "blue" }, new JsonObject { ["system"] = System, ["code"] = "red" }) };
        var several = new JsonObject { ["resourceType"] = "Parameters", ["parameter"] = new JsonArray(new JsonObject { ["name"] = "url", ["valueUri"] = Warm }, new JsonObject { ["name"] = "codeableConcept", ["valueCodeableConcept"] = concept }) };
        Assert.True(Result(await api.Server.SendAsync(HttpMethod.Post, "fhir/ValueSet/$validate-code", api.Root, several.ToJsonString())));
        foreach (var path in new[] { $"ConceptMap/$translate?url={Map}&system={System}&code=red", $"ConceptMap/{key}-map/$translate?system={System}&code=red", $"ConceptMap/$translate?system={System}&code=red&targetsystem=urn:stop" })
        {
            var translated = await api.GetAsync(path);
            Assert.True(Result(translated), path);
            Assert.Equal("halt", Part(translated, "match").GetProperty("part")[1].GetProperty("valueCoding").GetProperty("code").GetString());
        }
        Assert.Equal("red", Part(await api.GetAsync($"ConceptMap/$translate?url={Map}&system=urn:stop&code=halt&reverse=true"), "match").GetProperty("part")[1].GetProperty("valueCoding").GetProperty("code").GetString());
        (await api.GetAsync("ConceptMap/$translate?url=urn:none&system=a&code=b")).IsOutcome(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_condition_and_an_operation_find_by_a_stored_value_set_what_a_search_finds()
    {
        await StoreAsync();
        var patient = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(patient));
        var crimson = FhirServer.NewId();
        await api.PutAsync(Coloured(crimson, patient, "crimson"));
        await api.PutAsync(Coloured(FhirServer.NewId(), patient, "blue"));
        var condition = $"subject=Patient/{patient}&code:in={Uri.EscapeDataString(Warm)}";

        Assert.Equal([$"Observation/{crimson}"], (await api.GetAsync($"Observation/$lastn?{condition}")).Matches);
        var again = await SendAsync(HttpMethod.Post, "Observation", Coloured(null, patient, "red"), ("If-None-Exist", condition));
        Assert.Equal(crimson, again.Json.GetProperty("id").GetString());
        var updated = await SendAsync(HttpMethod.Put, $"Observation?{condition}", Coloured(null, patient, "red"));
        Assert.Equal(crimson, updated.Json.GetProperty("id").GetString());
        var above = $"subject=Patient/{patient}&code:below={Uri.EscapeDataString(System + "|red")}";
        var patch = Parameters();
        patch["parameter"] = new JsonArray(new JsonObject
        {
            ["name"] = "operation",
            ["part"] = new JsonArray(
                new JsonObject { ["name"] = "type", ["valueCode"] = "replace" }, new JsonObject { ["name"] = "path", ["valueString"] = "Observation.status" }, new JsonObject { ["name"] = "value", ["valueCode"] = "amended" }),
        });
        Assert.Equal("amended", (await SendAsync(HttpMethod.Patch, $"Observation?{above}", patch)).Json.GetProperty("status").GetString());

        var referring = Coloured(null, patient, "green");
        referring["derivedFrom"] = new JsonArray(new JsonObject { ["reference"] = $"Observation?{condition}" });
        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "transaction",
            ["entry"] = new JsonArray(
                Entry("GET", $"Observation?{condition}", null),
                Entry("PUT", $"Observation?{condition}", Coloured(null, patient, "orange")),
                Entry("POST", "Observation", referring)),
        };
        var done = await SendAsync(HttpMethod.Post, "", bundle);
        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.Equal(1, done.Json.GetProperty("entry")[0].GetProperty("resource").GetProperty("total").GetInt32());
        var made = done.Json.GetProperty("entry")[2].GetProperty("response").GetProperty("location").GetString()!.Split("/_history")[0].Split('/')[^1];
        Assert.Equal($"Observation/{crimson}", (await api.GetAsync($"Observation/{made}")).Json.GetProperty("derivedFrom")[0].GetProperty("reference").GetString());

        // Whom the value set is not open to is told the same as of one that is not there.
        var narrow = api.Server.Token("system/Observation.cruds system/Patient.rs");
        var refused = await api.Server.SendAsync(HttpMethod.Delete, $"fhir/Observation?{condition}", narrow);
        var unknown = await api.Server.SendAsync(HttpMethod.Delete, $"fhir/Observation?subject=Patient/{patient}&code:in=urn:none", narrow);
        Assert.Equal((HttpStatusCode.BadRequest, unknown.Text), (refused.Status, refused.Text));
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"Observation?{condition}", null)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await api.GetAsync($"Observation/{crimson}")).Status);
    }

    [Fact]
    public async Task A_search_takes_a_stored_value_set_by_url_and_by_address()
    {
        await StoreAsync();
        var (patient, red, blue) = (FhirServer.NewId(), FhirServer.NewId(), FhirServer.NewId());
        await api.PutAsync(FhirServer.Patient(patient));
        await api.PutAsync(Coloured(red, patient, "crimson"));
        await api.PutAsync(Coloured(blue, patient, "blue"));
        foreach (var set in new[] { Warm, $"{Warm}|1", $"ValueSet/{key}-warm", $"{api.Server.Settings.FhirBase}/ValueSet/{key}-warm" })
        {
            var found = await api.GetAsync($"Observation?subject={patient}&code:in={Uri.EscapeDataString(set)}", ("Prefer", "handling=strict"));
            Assert.True(found.Status == HttpStatusCode.OK, set + found.Text);
            Assert.Equal([$"Observation/{red}"], found.Matches);
        }
        Assert.Equal([$"Observation/{blue}"], (await api.GetAsync($"Observation?subject={patient}&code:not-in={Warm}")).Matches);
        Assert.Equal([$"Observation/{red}"], (await api.GetAsync($"Observation?subject={patient}&code:below={System}|red")).Matches);
        Assert.Equal([$"Patient/{patient}"], (await api.GetAsync($"Patient?_id={patient}&_has:Observation:subject:code:in={Warm}")).Matches);
        Assert.Equal([$"Observation/{red}"], (await api.GetAsync($"Observation?subject={patient}&_filter=code%20in%20{Uri.EscapeDataString(Warm)}")).Matches);
        Assert.Equal([$"Observation/{red}"], (await api.GetAsync($"?_type=Observation&subject={patient}&code:in={Warm}")).Matches);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("DocumentReference?category:in=http://hl7.org/fhir/us/core/ValueSet/us-core-documentreference-category", ("Prefer", "handling=strict"))).Status);
        (await api.GetAsync("Observation?code:in=urn:none", ("Prefer", "handling=strict"))).IsOutcome(HttpStatusCode.BadRequest, "not-supported");
    }

    [Fact]
    public async Task What_the_grant_does_not_open_is_not_at_hand_by_any_way()
    {
        await StoreAsync();
        var token = api.Server.Token("system/Observation.rs system/Patient.rs");
        var half = api.Server.Token("system/Observation.rs system/ValueSet.rs");
        foreach (var (wanted, unknown) in new[]
        {
            ($"ValueSet/$expand?url={Warm}", "ValueSet/$expand?url=urn:none"),
            ($"ValueSet/$validate-code?url={Warm}&system={System}&code=red", $"ValueSet/$validate-code?url=urn:none&system={System}&code=red"),
            ($"CodeSystem/$lookup?system={System}&code=red", "CodeSystem/$lookup?system=urn:none&code=red"),
            ($"CodeSystem/$validate-code?url={System}&code=red", "CodeSystem/$validate-code?url=urn:none&code=red"),
            ($"CodeSystem/$subsumes?system={System}&codeA=red&codeB=crimson", "CodeSystem/$subsumes?system=urn:none&codeA=red&codeB=crimson"),
            ($"ConceptMap/$translate?url={Map}&system={System}&code=red", $"ConceptMap/$translate?url=urn:none&system={System}&code=red"),
            ($"ConceptMap/$translate?system={System}&code=red&targetsystem=urn:stop", "ConceptMap/$translate?system=urn:none&code=red&targetsystem=urn:stop"),
            ($"Observation?code:in={Warm}", "Observation?code:in=urn:none"),
            ($"Observation?code:not-in={Warm}", "Observation?code:not-in=urn:none"),
            ($"Observation?code:in=ValueSet/{key}-warm", "Observation?code:in=ValueSet/nobody"),
            ($"Observation?code:below={System}|red", "Observation?code:below=urn:none|red"),
        })
        {
            var (hidden, none) = (await api.Server.GetAsync("fhir/" + wanted, token, ("Prefer", "handling=strict")), await api.Server.GetAsync("fhir/" + unknown, token, ("Prefer", "handling=strict")));
            Assert.Equal(none.Status, hidden.Status);
            Assert.Equal(none.Text, hidden.Text);
        }
        foreach (var path in new[] { $"ValueSet/{key}-warm/$expand", $"CodeSystem/{key}-colours/$subsumes?codeA=red&codeB=red", $"CodeSystem/{key}-colours/$validate-code?code=red", $"ConceptMap/{key}-map/$translate?code=red" })
        {
            (await api.Server.GetAsync("fhir/" + path, token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        }
        // The value set is open, but not the code system that it is made of: what it contains cannot be told.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await api.Server.GetAsync($"fhir/ValueSet/$expand?url={Warm}", half)).Status);
        Assert.DoesNotContain("crimson", (await api.Server.GetAsync($"fhir/ValueSet/$expand?url={Warm}", half)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_changes_what_a_name_of_the_standard_means_by_storing_something_under_it()
    {
        const string Gender = "http://hl7.org/fhir/ValueSet/administrative-gender";
        await api.PutAsync(new JsonObject
        {
            ["resourceType"] = "ValueSet", ["id"] = $"{key}-false", ["url"] = Gender, ["status"] = "active",
            ["compose"] = new JsonObject { ["include"] = new JsonArray(new JsonObject { ["system"] = "http://hl7.org/fhir/administrative-gender", ["concept"] = new JsonArray(new JsonObject { ["code"] = "male" }) }) },
        });
        Assert.Equal(4, (await api.GetAsync($"ValueSet/$expand?url={Gender}")).Json.GetProperty("expansion").GetProperty("total").GetInt32());
        Assert.Equal(1, (await api.GetAsync($"ValueSet/{key}-false/$expand")).Json.GetProperty("expansion").GetProperty("total").GetInt32());
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(id));
        Assert.Equal([$"Patient/{id}"], (await api.GetAsync($"Patient?_id={id}&gender:in={Gender}")).Matches);
    }

    [Fact]
    public async Task What_US_Core_brings_is_at_hand_and_the_statement_names_the_code_systems()
    {
        var expanded = await api.GetAsync("ValueSet/$expand?url=http://hl7.org/fhir/us/core/ValueSet/us-core-documentreference-category");
        Assert.Equal(HttpStatusCode.OK, expanded.Status);
        Assert.NotEqual(0, expanded.Json.GetProperty("expansion").GetProperty("total").GetInt32());
        var systems = (await api.GetAsync("metadata?mode=terminology")).Json.GetProperty("codeSystem").EnumerateArray().Select(s => s.GetProperty("uri").GetString()).ToList();
        Assert.Contains("http://hl7.org/fhir/administrative-gender", systems);
        Assert.Contains("http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category", systems);
        Assert.DoesNotContain(systems, system => system!.Contains("site.example", StringComparison.Ordinal));
    }

    private Task<Answer> SendAsync(HttpMethod method, string path, JsonObject? body, params (string, string)[] headers) =>
        api.Server.SendAsync(method, "fhir/" + path, api.Root, body?.ToJsonString(), headers: headers);

    private static JsonObject Entry(string method, string url, JsonObject? resource)
    {
        var entry = new JsonObject { ["request"] = new JsonObject { ["method"] = method, ["url"] = url } };
        if (resource is not null)
        {
            entry["resource"] = resource;
        }
        return entry;
    }

    private async Task StoreAsync()
    {
        await api.PutAsync(new JsonObject
        {
            ["resourceType"] = "CodeSystem", ["id"] = $"{key}-colours", ["url"] = System, ["version"] = "7", ["name"] = "Colours", ["status"] = "active", ["content"] = "complete",
            ["concept"] = new JsonArray(
                Concept("red", Concept("crimson")), Concept("orange"), Concept("blue")),
        });
        await api.PutAsync(new JsonObject
        {
            ["resourceType"] = "ValueSet", ["id"] = $"{key}-warm", ["url"] = Warm, ["version"] = "1", ["status"] = "active",
            ["compose"] = new JsonObject { ["include"] = new JsonArray(new JsonObject { ["system"] = System, ["filter"] = new JsonArray(new JsonObject { ["property"] = "concept", ["op"] = "is-a", ["value"] = "red" }) }, Include("orange")[0]!.DeepClone()) },
        });
        await api.PutAsync(new JsonObject
        {
            ["resourceType"] = "ConceptMap", ["id"] = $"{key}-map", ["url"] = Map, ["status"] = "active",
            ["group"] = new JsonArray(new JsonObject
            {
                ["source"] = System, ["target"] = "urn:stop",
                ["element"] = new JsonArray(new JsonObject { ["code"] = "red", ["target"] = new JsonArray(new JsonObject { ["code"] = "halt", ["equivalence"] = "equivalent" }) }),
            }),
        });
    }

    private JsonArray Include(string code) => [new JsonObject { ["system"] = System, ["concept"] = new JsonArray(new JsonObject { ["code"] = code }) }];

    private static JsonObject Concept(string code, params JsonNode[] below)
    {
        var concept = new JsonObject { ["code"] = code, ["display"] = char.ToUpperInvariant(code[0]) + code[1..] };
        if (code == "crimson")
        {
            concept["designation"] = new JsonArray(new JsonObject { ["language"] = "de", ["value"] = "Karmesin" });
        }
        if (below.Length > 0)
        {
            concept["concept"] = new JsonArray(below);
        }
        return concept;
    }

    private JsonObject Coloured(string? id, string patient, string colour)
    {
        var observation = FhirServer.Observation(id ?? "", patient);
        if (id is null)
        {
            observation.Remove("id");
        }
        observation["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = System, ["code"] = colour }) };
        return observation;
    }

    private static JsonObject Parameters(params (string Name, JsonObject Resource)[] parts) => new()
    {
        ["resourceType"] = "Parameters",
        ["parameter"] = new JsonArray([.. parts.Select(part => new JsonObject { ["name"] = part.Name, ["resource"] = part.Resource })]),
    };

    private static JsonElement Part(Answer answer, string name) =>
        answer.Status == HttpStatusCode.OK ? answer.Json.GetProperty("parameter").EnumerateArray().First(p => p.GetProperty("name").GetString() == name) : throw new InvalidOperationException(answer.Text);

    private static bool Result(Answer answer) => Part(answer, "result").GetProperty("valueBoolean").GetBoolean();
}
