using System.Text.Json.Nodes;

namespace FhirFacade.Translation.Tests.Messages;

/// <summary>What a message says of confidentiality is a label of what it says it of.</summary>
public class ConfidentialityTests
{
    private static string Visit(string vip) => $"PV1|1|I|W1^^^GH|||||||||||||{vip}|||V1^^^GH";

    [Theory]
    [InlineData("ARV|1|A|HIV|PAT", "HIV PRS R")]
    [InlineData("ARV|1|A|ALL", "R")]
    [InlineData("ARV|1|A|NO", "N")]
    [InlineData("ARV|1|A|own^Own^L|PHY", "own PHY R")]
    [InlineData("ARV|1|D|HIV|PAT", "")]
    public void A_restriction_after_PID_is_the_patients(string arv, string labels)
    {
        var result = Feed.Translate("ADT^A08^ADT_A01", Feed.Pid, arv, Visit(""));
        Assert.Equal(labels, Labels(result.One("Patient")));
        Assert.Equal("", Labels(result.One("Encounter")));
    }

    [Fact]
    public void A_restriction_after_PV1_is_the_visits_and_each_is_said_once()
    {
        var result = Feed.Translate("ADT^A08^ADT_A01", Feed.Pid, Visit(""), "ARV|1|A|PSY", "ARV|2|A|PSY", "ARV|3|A|LOC");
        Assert.Equal("", Labels(result.One("Patient")));
        Assert.Equal("PSY R LOCIS", Labels(result.One("Encounter")));
    }

    [Theory]
    [InlineData("VIP", "CEL R")]
    [InlineData("Y", "CEL R")]
    [InlineData("STF", "EMP R")]
    [InlineData("N", "")]
    [InlineData("NRM", "")]
    [InlineData("", "")]
    public void A_visit_of_somebody_known_is_marked(string vip, string labels) =>
        Assert.Equal(labels, Labels(Feed.Translate("ADT^A08^ADT_A01", Feed.Pid, Visit(vip)).One("Encounter")));

    [Theory]
    [InlineData("Y", "R")]
    [InlineData("N", "")]
    public void A_confidential_diagnosis_is_restricted(string indicator, string labels) =>
        Assert.Equal(labels, Labels(Feed.Translate("ADT^A08^ADT_A01", Feed.Pid, $"DG1|1||I10^Pressure^I10|||A||||||||||||{indicator}").One("Condition")));

    [Fact]
    public void What_is_said_of_an_order_holds_for_its_report_its_results_and_their_pictures()
    {
        var result = Feed.Translate("ORU^R01^ORU_R01", Feed.Pid, "ORC|RE|P1^GH|F1^LAB" + new string('|', 25) + "HIV", "OBR|1|P1^GH|F1^LAB|T^Test^L|||20240501",
            "OBX|1|ST|A^A^L||pos||||||F", "OBX|2|ED|PIC^Picture^L||^Image^JPEG^Base64^QUJD||||||F", "OBR|2|P2^GH|F2^LAB|U^Other^L|||20240501", "OBX|1|ST|B^B^L||1||||||F");
        var labelled = result.Resources.Where(resource => Labels(resource.Content).Contains("HIV", StringComparison.Ordinal)).Select(resource => resource.Type).Order();
        Assert.Equal(["DiagnosticReport", "Media", "Observation", "Observation", "ServiceRequest"], labelled);
    }

    private static string Labels(JsonObject resource) => string.Join(' ', (resource["meta"]?["security"] as JsonArray ?? []).Select(label => (string?)label!["code"]));
}
