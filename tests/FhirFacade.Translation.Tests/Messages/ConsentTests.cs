using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Consents;

namespace FhirFacade.Translation.Tests.Messages;

/// <summary>CON becomes a Consent that closes what is not understood, and opens only what is.</summary>
public class ConsentTests
{
    private const string Rest = "|||||||||";

    [Theory]
    [InlineData("001", "A", "", "active", "permit", "opens")]
    [InlineData("001", "A", "only to my daughter", "active", "deny", "closes")]
    [InlineData("001", "L", "", "active", "deny", "closes")]
    [InlineData("001", "R", "", "active", "deny", "closes")]
    [InlineData("001", "X", "", "active", "deny", "closes")]
    [InlineData("001", "?", "", "active", "deny", "closes")]
    [InlineData("001", "", "", "active", "deny", "closes")]
    [InlineData("001", "P", "", "proposed", "permit", "nothing")]
    [InlineData("041", "A", "", "active", "permit", "opens nothing")]
    [InlineData("041", "R", "", "active", "deny", "closes")]
    [InlineData("110", "A", "", "active", "deny", "closes")]
    [InlineData("110", "R", "", "rejected", "deny", "nothing")]
    [InlineData("110", "X", "", "inactive", "deny", "nothing")]
    [InlineData("024", "A", "", "active", "permit", "nothing")]
    [InlineData("024", "R", "", "rejected", "deny", "nothing")]
    [InlineData("003", "A", "", "active", "permit", "opens nothing")]
    [InlineData("003", "R", "", "rejected", "deny", "nothing")]
    [InlineData("own^Own^L", "A", "", "active", "permit", "opens nothing")]
    [InlineData("001^Own^L", "A", "", "active", "permit", "opens nothing")]
    [InlineData("own^Own^L", "R", "", "active", "deny", "closes")]
    [InlineData("", "", "", "active", "deny", "closes")]
    public void Type_and_status_tell_what_it_does(string type, string status, string limitation, string inFhir, string provision, string does)
    {
        var consent = Feed.Translate("ADT^A08^ADT_A01", Feed.Pid, $"CON|1|{type}|||||||{limitation}||{status}").One("Consent");
        Assert.Equal((inFhir, provision), (consent.Text("status"), consent.Text("provision.type")));
        Assert.Equal(does, Effect(consent));
    }

    [Fact]
    public void Form_dates_and_who_agreed_are_said()
    {
        var result = Feed.Translate("MDM^T02^MDM_T02", Feed.Pid, "TXA|1|CN||||||||||D1^GH||||||AV", "CON|1|001^Release^HL70496|F1|77^GH||||||W|A|20240101|20240102|20240103|20250103" + Rest + "Miller^Bea|MTH^Mother^HL70063");
        var consent = result.One("Consent");
        Assert.Equal(("77", "2024-01-02", "2024-01-03", "2025-01-03"), (consent.Text("identifier.0.value"), consent.Text("dateTime"), consent.Text("provision.period.start"), consent.Text("provision.period.end")));
        Assert.Equal(("http://terminology.hl7.org/CodeSystem/v2-0496", "001"), (consent.Text("category.0.coding.0.system"), consent.Text("category.0.coding.0.code")));
        Assert.Equal($"RelatedPerson/{result.One("RelatedPerson").Text("id")}", consent.Text("performer.0.reference"));
        Assert.Equal($"Patient/{result.One("Patient").Text("id")}", consent.Text("patient.reference"));
        var again = Feed.Translate("ADT^A08^ADT_A01", Feed.Pid, "CON|1|001||77^GH|||||||R" + "|||||||||||||" + "Miller^Ann|SEL");
        Assert.Equal(consent.Text("id"), again.One("Consent").Text("id"));
        Assert.Equal($"Patient/{result.One("Patient").Text("id")}", again.One("Consent").Text("performer.0.reference"));
    }

    [Theory]
    [InlineData("yesterday", "")]
    [InlineData("20240101", "soon")]
    public void A_date_that_cannot_be_read_makes_no_permission_that_is_longer(string from, string to) =>
        Assert.Equal("deny", Feed.Translate("ADT^A08^ADT_A01", Feed.Pid, $"CON|1|001||||||||W|A|||{from}|{to}").One("Consent").Text("provision.type"));

    [Fact]
    public void A_feed_may_do_without() =>
        Assert.Empty(Feed.Translate(FeedProfile.Default with { ConsentsOfMessages = false }, "ADT^A08^ADT_A01", Feed.Pid, "CON|1|001||||||||W|A").All("Consent"));

    private static string Effect(JsonObject consent)
    {
        using var document = JsonDocument.Parse(consent.ToJsonString());
        var compiled = ConsentCompiler.Compile(document.RootElement);
        return compiled.Provisions.IsEmpty ? "nothing" : Assert.Single(compiled.Provisions) is { Denies: true } ? "closes" : compiled.Provisions[0].IsOpaque ? "opens nothing" : "opens";
    }
}
