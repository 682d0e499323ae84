using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Server.Tests.Rest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FhirFacade.Server.Tests.Phi;

/// <summary>Requests that are full of canaries, right and wrong ones: no error says what was sent, and nothing but the store keeps it.</summary>
public sealed class RequestCanaryTests(StrictServer strict) : IClassFixture<StrictServer>
{
    private const string Value = "canary-of-requests";

    private static readonly string[] types = ["Patient", "Observation", "Encounter", "Condition", "MedicationRequest", "Location", "Practitioner", "DiagnosticReport", "RiskAssessment", "ValueSet"];

    private static readonly string[] primitives =
    [
        "Base64Binary", "Boolean", "Canonical", "Code", "Date", "DateTime", "Decimal", "Id", "Instant", "Integer", "Markdown", "Oid", "PositiveInt", "Time", "UnsignedInt", "Uri", "Url", "Uuid", "Quantity", "Period", "Reference", "Coding", "HumanName",
    ];

    private readonly RunningServer server = strict.Server;
    private readonly string token = strict.Server.Token(FhirServer.Everything);

    public static TheoryData<string> Bodies =>
    [
        .. primitives.Select(type => $$$"""{"resourceType":"Patient","extension":[{"url":"http://example.org/e","value{{{type}}}":" {{{Value}}} \u0001"}]}"""),
        .. new[] { "active", "gender", "birthDate", "deceasedDateTime", "multipleBirthInteger", "name", "text", "contact", "meta", "id", "nonsense", "managingOrganization", "implicitRules" }
            .Select(element => $$$"""{"resourceType":"Patient","{{{element}}}":" {{{Value}}} "}"""),
        $$$"""{"resourceType":"Patient","name":[{"family":"{{{Value}}}" """, $$$"""{"resourceType":"Patient","gender":"{{{Value}}}","gender":"{{{Value}}}"}""", $$$"""{"resourceType":"{{{Value}}}"}""", $"\"{Value}\"", $"{Value}", "",
        $$$"""{"resourceType":"Patient","text":{"status":"generated","div":"<div>{{{Value}}}<script>"}}""", $$$"""{"resourceType":"Patient","link":[{"other":{"reference":"{{{Value}}} x"},"type":"{{{Value}}}"}]}""",
        $$$"""{"resourceType":"Patient","photo":[{"data":"{{{Value}}}","contentType":"{{{Value}}}"}]}""", $$$"""{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"{{{Value}}} "}]}""",
        $$$"""{"resourceType":"Patient","identifier":[{"system":"{{{Value}}} ","use":"{{{Value}}}","period":{"start":"{{{Value}}}"}}]}""", $$$"""{"resourceType":"Patient","communication":[{"preferred":true,"language":{"coding":"{{{Value}}}"}}]}""",
        $"""<Patient xmlns="http://hl7.org/fhir"><name><family value="{Value}"/></nam>""", $"""<!DOCTYPE x [<!ENTITY a "{Value}">]><Patient xmlns="http://hl7.org/fhir"/>""",
        $"""<Patient xmlns="http://hl7.org/fhir"><birthDate value="{Value}"/><gender value="{Value}"/><active value="{Value}"/></Patient>""", $"""<Patient xmlns="http://hl7.org/fhir"><name value="{Value}">{Value}</name></Patient>""",
        $$$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"POST","url":"Encounter"},"resource":{"resourceType":"Encounter","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient?identifier={{{{Value}}}}"}}}]}""",
        $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"{{{Value}}}","url":"{{{Value}}}?a={{{Value}}}"}}]}""", $$$"""{"resourceType":"Bundle","type":"{{{Value}}}"}""",
        $$$"""{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient?birthdate={{{Value}}}"}},{"request":{"method":"PUT","url":"Patient?identifier={{{Value}}}","ifMatch":"{{{Value}}}"},"resource":{"resourceType":"Patient","gender":"{{{Value}}}"}}]}""",
        $$$"""{"resourceType":"Observation","status":"{{{Value}}}","code":{"text":"{{{Value}}}"},"valueQuantity":{"value":"{{{Value}}}"},"effectiveDateTime":"{{{Value}}}","subject":"{{{Value}}}"}""",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task No_error_says_what_the_body_said(string body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var type = body.StartsWith('<') ? "application/fhir+xml" : "application/fhir+json";
        var place = body.Contains("\"Bundle\"", StringComparison.Ordinal) ? "fhir" : body.Contains("\"Observation\"", StringComparison.Ordinal) ? "fhir/Observation" : "fhir/Patient";
        var id = FhirServer.NewId();
        Quiet(await server.SendAsync(HttpMethod.Post, place, token, body, type));
        Quiet(await server.SendAsync(HttpMethod.Post, place, token, body, type, ("If-None-Exist", $"identifier={Value}"), ("Prefer", "return=OperationOutcome")));
        Quiet(await server.SendAsync(HttpMethod.Put, $"fhir/Patient/{id}", token, body, type, ("If-Match", Value)));
        Quiet(await server.SendAsync(HttpMethod.Post, "fhir/Patient/$validate", token, body, type));
        Assert.Empty(Overheard.Songs);
    }

    [Fact]
    public async Task No_error_says_what_was_searched_for_and_no_log_the_address()
    {
        foreach (var type in types)
        {
            foreach (var parameter in SearchParameterSet.Served.For(type).Select(p => p.Code))
            {
                foreach (var query in new[] { $"{parameter}={Value}", $"{parameter}:missing={Value}", $"{parameter}:in={Value}", $"{parameter}:exact={Value}", $"_filter={parameter} eq \"{Value}" })
                {
                    Quiet(await server.GetAsync($"fhir/{type}?{query}", token, ("Prefer", "handling=strict")));
                }
            }
        }

        string[] others =
        [
            "Patient?_count=", "Patient?_sort=", "Patient?_include=", "Patient?_revinclude=", "Patient?_elements=", "Patient?_summary=", "Patient?_total=", "Patient?_page=", "Patient?_has:Observation:subject:code=", "Patient?_lastUpdated=",
            "Patient?_content=", "Patient?_text=", "Patient?_list=", "Patient?_contained=", "Patient?_filter=", "Patient?general-practitioner.name=", "Patient/x/$everything?start=", "Patient/x/$everything?_type=", "Observation/$lastn?patient=", "Observation/$lastn?code=",
            "DocumentReference/$docref?patient=", "DocumentReference/$docref?start=", "ValueSet/$expand?url=", "ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender&filter=", "ValueSet/$validate-code?code=", "CodeSystem/$lookup?system=http://hl7.org/fhir/administrative-gender&code=",
            "ConceptMap/$translate?code=", "_history?_since=", "_history?_at=", "Patient/_history?_count=", "?_type=Patient&name=", "?_id=", "AuditEvent?patient=", "Patient?name=a&_format=",
        ];
        foreach (var path in others)
        {
            Quiet(await server.GetAsync("fhir/" + path + Value, token, ("Prefer", "handling=strict")));
            Quiet(await server.GetAsync("fhir/" + path + Value, token, ("Prefer", "respond-async")));
        }

        Assert.Empty(Overheard.Songs);
    }

    [Fact]
    public async Task No_conflict_says_what_it_was_about()
    {
        JsonObject Person(string id) => FhirServer.Patient(id, Value).With("identifier", new JsonArray(new JsonObject { ["system"] = "urn:canary", ["value"] = Value }));
        var id = FhirServer.NewId();
        var races = Enumerable.Range(0, 6).Select(_ => server.SendAsync(HttpMethod.Put, $"fhir/Patient/{id}", token, Person(id).ToJsonString()))
            .Concat(Enumerable.Range(0, 6).Select(i => server.SendAsync(HttpMethod.Post, "fhir/Patient", token, Person("x" + i).ToJsonString(), headers: ("If-None-Exist", $"identifier=urn:canary|{Value}"))));
        foreach (var answer in await Task.WhenAll(races))
        {
            Quiet(answer);
            Assert.DoesNotContain(Overheard.Canary, answer.Header("Location") ?? "", StringComparison.OrdinalIgnoreCase);
        }

        Quiet(await server.SendAsync(HttpMethod.Post, "fhir/Patient", token, Person("y").ToJsonString()));
        Quiet(await server.SendAsync(HttpMethod.Put, $"fhir/Patient?family={Value}", token, Person("z").Without("id").ToJsonString()));
        Quiet(await server.SendAsync(HttpMethod.Delete, $"fhir/Patient?family={Value}", token));
        foreach (var patch in new[]
        {
            $$$"""[{"op":"test","path":"/name/0/family","value":"{{{Value}}}x"}]""", $$$"""[{"op":"replace","path":"/{{{Value}}}","value":1}]""", $$$"""[{"op":"add","path":"/birthDate","value":"{{{Value}}}"}]""", $$$"""[{"op":"{{{Value}}}"}]""", $"{Value}",
        })
        {
            Quiet(await server.SendAsync(HttpMethod.Patch, $"fhir/Patient/{id}", token, patch, "application/json-patch+json"));
        }

        var page = await server.GetAsync($"fhir/Patient?family={Value}&_count=1", token);
        Assert.DoesNotContain(Overheard.Canary, page.Link("next") ?? "", StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Overheard.Songs);
    }

    [Fact]
    public async Task The_authorisation_server_keeps_names_and_secrets_to_itself()
    {
        foreach (var (path, form) in new[]
        {
            ("oauth/token", $"grant_type=client_credentials&client_id={Value}&client_secret={Value}&scope={Value}"), ("oauth/token", $"grant_type={Value}"), ("oauth/token", $"grant_type=authorization_code&code={Value}&client_id={Value}"),
            ("oauth/introspect", $"token={Value}"), ("oauth/revoke", $"token={Value}"), ("oauth/sign-in", $"user={Value}&password={Value}&request={Value}"), ("oauth/consent", $"request={Value}"),
        })
        {
            Quiet(await server.SendAsync(HttpMethod.Post, path, null, form, "application/x-www-form-urlencoded"));
        }

        Quiet(await server.GetAsync($"oauth/authorize?client_id={Value}&redirect_uri={Value}&state={Value}", null));
        Quiet(await server.GetAsync("fhir/Patient", Value));
        Quiet(await server.SendAsync(HttpMethod.Post, "hl7v2", token, $"MSH|^~\\&|A\rPID|{Value}", "application/hl7-v2"));
        Assert.Empty(Overheard.Songs);
    }

    [Fact]
    public void The_ears_hear_a_line_of_any_level()
    {
        var before = Overheard.Lines;
        var log = server.Services.GetRequiredService<ILoggerFactory>().CreateLogger("FhirFacade.Listening");
        log.Log(LogLevel.Trace, default, "nothing", null, (said, _) => said);
        Assert.True(Overheard.Lines > before);
    }

    [Fact]
    public async Task What_a_test_tells_of_a_person_is_listened_for_from_then_on()
    {
        var name = "Zirbelnuss" + Guid.NewGuid().ToString("N")[..6];
        Assert.Null(Confided.In($"somebody says {name} aloud"));
        await server.SendAsync(HttpMethod.Post, "fhir/Patient", token, FhirServer.Patient("z", name).With("birthDate", "1911-10-09").Without("id").ToJsonString());
        Assert.Equal(name, Confided.In($"somebody says {name} aloud"));
        Assert.Equal("1911-10-09", Confided.In("born 1911-10-09."));
        Confided.Note($"MSH|^~\\&|A\rPID|1||4711-{name}||Xanthippe{name}^A||19111009\r");
        Assert.NotNull(Confided.In($"'Xanthippe{name}'"));
        Assert.Equal("19111009", Confided.In("19111009"));
        Assert.Null(Confided.In("female gender Patient name of the"));
    }

    private static void Quiet(Answer answer)
    {
        Assert.True((int)answer.Status < 500, answer.Text);
        if (answer.Status >= HttpStatusCode.BadRequest)
        {
            Assert.DoesNotContain(Overheard.Canary, answer.Text, StringComparison.OrdinalIgnoreCase);
        }
    }
}
