using System.Net;
using System.Text.Json;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Access;

/// <summary>What messages say of confidentiality and consent closes what it is said of, from the message on.</summary>
public sealed class FeedConfidentialityTests(SensitiveWorld world) : IClassFixture<SensitiveWorld>
{
    private const string Canary = "feed-canary";

    [Fact]
    public async Task What_an_order_says_of_HIV_closes_its_report_and_its_results_to_who_is_not_entitled()
    {
        await SendAsync("C1", "ORU^R01^ORU_R01", "PID|1||C1^^^GH^MR||Feed^One", "ORC|RE|P1^GH|F1^LAB" + new string('|', 25) + "HIV", "OBR|1|P1^GH|F1^LAB|T^Test^L|||20240501", $"OBX|1|ST|A^A^L||{Canary}||||||F");
        var report = await FoundAsync("DiagnosticReport?patient.identifier=C1");
        var observation = await FoundAsync("Observation?patient.identifier=C1");
        foreach (var path in new[] { report, observation, report + "/_history", observation + "/_history/1", "Observation?patient.identifier=C1", "DiagnosticReport?patient.identifier=C1&_include=*" })
        {
            var answer = await world.Server.GetAsync("fhir/" + path, world.Study);
            Assert.DoesNotContain(Canary, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(report, answer.Text, StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/" + observation, world.HivStudy)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await world.Server.GetAsync("fhir/" + observation, world.Study)).Status);
    }

    [Fact]
    public async Task A_label_stays_when_a_later_message_does_not_know_of_it_and_when_the_one_with_it_comes_late()
    {
        await SendAsync("C2", "ADT^A08^ADT_A01", "EVN|A08|20240502", "PID|1||C2^^^GH^MR||Feed^Two", "PV1|1|I|W1^^^GH||||||||||||||||V2^^^GH");
        var visit = await FoundAsync("Encounter?patient.identifier=C2");
        await SendAsync("C3", "ADT^A08^ADT_A01", "EVN|A08|20240501", "PID|1||C2^^^GH^MR||Feed^Two", "PV1|1|I|W1^^^GH|||||||||||||VIP|||V2^^^GH", "ARV|1|A|PSY");
        await UntilAsync(async () => await world.LabelsAsync(visit) == "PSY R CEL" || await world.LabelsAsync(visit) == "CEL R PSY");
        await SendAsync("C4", "ADT^A08^ADT_A01", "EVN|A08|20240503", "PID|1||C2^^^GH^MR||Feed^Two-b", "PV1|1|I|W2^^^GH||||||||||||||||V2^^^GH");
        await UntilAsync(async () => (await world.Server.GetAsync("fhir/Patient?identifier=C2&family=Two-b", world.Root)).Matches.Count > 0 || (await world.Server.GetAsync("fhir/Patient?identifier=C2&given=Two-b", world.Root)).Matches.Count > 0);
        Assert.Contains("PSY", await world.LabelsAsync(visit), StringComparison.Ordinal);
        (await world.Server.GetAsync("fhir/" + visit, world.Study)).IsOutcome(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_consent_of_a_message_closes_the_record_and_opens_it_again_with_its_end()
    {
        await SendAsync("C5", "ADT^A08^ADT_A01", "PID|1||C5^^^GH^MR||Feed^Three", "DG1|1||I10^Pressure^I10|||A");
        var condition = await FoundAsync("Condition?patient.identifier=C5");
        var token = world.Server.Token(FhirServer.Everything, client: "hiv-study");
        Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/" + condition, token)).Status);
        await SendAsync("C6", "ADT^A08^ADT_A01", "PID|1||C5^^^GH^MR||Feed^Three", "CON|1|001||77^GH|||||||R");
        await UntilAsync(async () => (await world.Server.GetAsync("fhir/" + condition, token)).Status == HttpStatusCode.NotFound);
        Assert.Empty((await world.Server.GetAsync("fhir/Condition?patient.identifier=C5", token)).Matches);
        await SendAsync("C7", "ADT^A08^ADT_A01", "PID|1||C5^^^GH^MR||Feed^Three", "CON|1|001||77^GH|||||||A");
        await UntilAsync(async () => (await world.Server.GetAsync("fhir/" + condition, token)).Status == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("batch", "minimal")]
    [InlineData("batch", "representation")]
    [InlineData("batch", "OperationOutcome")]
    [InlineData("transaction", "minimal")]
    [InlineData("transaction", "representation")]
    [InlineData("transaction", "OperationOutcome")]
    public async Task The_answer_to_an_entry_tells_what_of_a_consent_was_not_understood(string kind, string wanted)
    {
        var id = $"{kind}-{wanted}".ToLowerInvariant();
        await world.PutAsync(FhirServer.Patient(id));
        var consent = FhirFacade.TestSupport.ConsentJson.Of(id, id, null);
        var bundle = $$$"""{"resourceType":"Bundle","type":"{{{kind}}}","entry":[{"resource":{{{consent.ToJsonString()}}},"request":{"method":"PUT","url":"Consent/{{{id}}}"}},{"resource":{{{FhirServer.Patient(id + "2").ToJsonString()}}},"request":{"method":"PUT","url":"Patient/{{{id}}}2"} } ] }""";
        var entries = (await world.Server.SendAsync(HttpMethod.Post, "fhir/", world.Root, bundle, "application/fhir+json", ("Prefer", "return=" + wanted))).Json.GetProperty("entry");
        var issues = entries[0].GetProperty("response").GetProperty("outcome").GetProperty("issue").EnumerateArray().Select(issue => issue.GetProperty("severity").GetString() + " " + Place(issue));
        Assert.Contains("warning Consent.policyRule", issues);
        Assert.Equal(wanted == "OperationOutcome", entries[1].GetProperty("response").TryGetProperty("outcome", out _));

        static string? Place(JsonElement issue) => issue.TryGetProperty("expression", out var places) ? places[0].GetString() : null;
    }

    private async Task<string> FoundAsync(string query)
    {
        string? found = null;
        await UntilAsync(async () => (found = (await world.Server.GetAsync("fhir/" + query, world.Root)).Matches is [var first, ..] ? first : null) is not null);
        return found!;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private async Task SendAsync(string control, string type, params string[] segments)
    {
        var message = string.Join('\r', [$@"MSH|^~\&|LAB|GH|FF|GH|20240501120000||{type}|{control}|P|2.5.1", .. segments]) + "\r";
        var answer = await world.Server.SendAsync(HttpMethod.Post, "hl7v2", world.Root, message, "application/hl7-v2");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
    }
}
