namespace FhirFacade.Translation.Tests.Messages;

/// <summary>What sites decide differently, and where the guide speaks with two tongues.</summary>
public class TrapSettingTests
{
    private const string Pv1 = "PV1|1|I|W1^^^GH||||||||||||||||V1^^^GH";

    [Fact]
    public void Two_quotes_say_nothing_where_the_feed_has_it_so()
    {
        var pid = Feed.Pid + "||19800101|\"\"";
        Assert.True(Feed.Translate("ADT^A08^ADT_A01", pid).One("Patient").ContainsKey("gender"));
        var result = Feed.Translate(FeedProfile.Default with { QuotesDelete = false }, "ADT^A08^ADT_A01", pid);
        Assert.False(result.One("Patient").ContainsKey("gender"));
        Assert.DoesNotContain("PID-8", result.Unmapped);
    }

    [Fact]
    public void The_fields_of_a_visit_may_decide_before_its_events()
    {
        var discharged = Pv1 + new string('|', 26) + "20240502101500+0000";
        Assert.Equal("in-progress", Feed.Translate("ADT^A13^ADT_A01", Feed.Pid, discharged).One("Encounter").Text("status"));
        var profile = FeedProfile.Default with { EncounterStatusOfField = true };
        var visit = Feed.Translate(profile, "ADT^A13^ADT_A01", Feed.Pid, discharged).One("Encounter");
        Assert.Equal(("finished", "2024-05-02T10:15:00Z"), (visit.Text("status"), visit.Text("period.end")));
        Assert.Equal("cancelled", Feed.Translate(profile, "ADT^A11^ADT_A09", Feed.Pid, "PV1|1||||||||||||||||||V1^^^GH").One("Encounter").Text("status"));
    }

    [Fact]
    public void Network_addresses_and_the_receiving_organisation_are_preferred_to_applications_and_facilities()
    {
        var header = Feed.Raw(FeedProfile.Default, @"MSH|^~\&|LAB^1.2.3^ISO|GH|FF^1.2.4^ISO|CLINIC|20240501120000||ADT^A01^ADT_A01|42|P|2.7|||||||||||Receiver^L|SND^1.2.5^ISO|RCV^1.2.6^ISO", Feed.Pid).One("MessageHeader");
        Assert.Equal(("urn:oid:1.2.5", "urn:oid:1.2.6", "Receiver"), (header.Text("source.endpoint"), header.Text("destination.0.endpoint"), header.Text("destination.0.receiver.display")));
        Assert.Equal(("LAB", "FF"), (header.Text("source.name"), header.Text("destination.0.name")));
    }

    [Fact]
    public void A_building_is_part_of_its_site_and_never_of_itself()
    {
        var places = Feed.Translate("ADT^A01^ADT_A01", Feed.Pid, "PV1|1|I|W1^R1^B1^GH^^^HOUSE^F2||||||||||||||||V1^^^GH").All("Location");
        Assert.All(places, place => Assert.NotEqual($"Location/{place.Text("id")}", place.Text("partOf.reference")));
        var building = Assert.Single(places, p => p.Text("physicalType.coding.0.code") == "bu");
        Assert.Equal("si", Assert.Single(places, p => $"Location/{p.Text("id")}" == building.Text("partOf.reference")).Text("physicalType.coding.0.code"));
    }

    [Fact]
    public void The_text_of_a_document_is_data_of_its_attachment()
    {
        var content = Feed.Translate("MDM^T02^MDM_T02", Feed.Pid, "TXA|1|DS|TX|20240501||||||||D1^GH|||||AU", "OBX|1|TX|DS^Summary^L||A line||||||F").One("DocumentReference")["content"]![0];
        Assert.Equal(("text/plain", "QSBsaW5l", "TX"), (content.Text("attachment.contentType"), content.Text("attachment.data"), content.Text("format.code")));
        Assert.Null(content!["data"]);
    }

    [Fact]
    public void The_same_message_again_makes_the_same_resources()
    {
        string[] message = [Feed.Pid, Pv1, "PD1|||||||Y", "OBX|1|ED|PIC^Picture^L||^Image^JPEG^Base64^QUJD||||||F"];
        Assert.Equal(
            Feed.Translate("ADT^A01^ADT_A01", message).Resources.Select(r => r.Content.ToJsonString()),
            Feed.Translate("ADT^A01^ADT_A01", message).Resources.Select(r => r.Content.ToJsonString()));
    }

    [Fact]
    public void Nothing_is_made_of_constants_or_empty_fields_alone()
    {
        var result = Feed.Translate("ADT^A01^ADT_A01", Feed.Pid, "PD1|1", "NK1|1", Pv1, "PV2|", "AL1|1", "DG1|1", "PR1|1", "IN1|1", "GT1|1");
        Assert.Equal(["Encounter", "Location", "MessageHeader", "Organization", "Patient", "Provenance"], result.Resources.Select(r => r.Type).Distinct().Order());
    }
}
