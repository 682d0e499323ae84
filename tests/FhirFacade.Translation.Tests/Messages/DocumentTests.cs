using System.Text;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;

namespace FhirFacade.Translation.Tests.Messages;

/// <summary>MDM: one document through its events, and what it consists of.</summary>
public class DocumentTests
{
    [Theory]
    [InlineData("T01", "", "current")]
    [InlineData("T02", "AV", "current")]
    [InlineData("T03", "UN", "superseded")]
    [InlineData("T04", "OB", "superseded")]
    [InlineData("T06", "", "current")]
    [InlineData("T08", "CA", "entered-in-error")]
    [InlineData("T11", "", "entered-in-error")]
    [InlineData("T11", "AV", "entered-in-error")]
    [InlineData("T02", "QQ", "current")]
    public void The_availability_and_the_cancellation_tell_the_status(string trigger, string availability, string status)
    {
        var made = Document(trigger, Txa(availability: availability));
        Assert.Equal(status, made.Text("status"));
    }

    [Theory]
    [InlineData("UN")]
    [InlineData("CA")]
    [InlineData("QQ")]
    public void An_availability_that_FHIR_has_no_word_for_is_kept_beside_the_status(string availability) =>
        Assert.Equal(availability, Document("T02", Txa(availability: availability)).Text("_status.extension.0.valueCodeableConcept.coding.0.code"));

    [Theory]
    [InlineData("AU", "final")]
    [InlineData("LA", "final")]
    [InlineData("DI", "preliminary")]
    [InlineData("IP", "preliminary")]
    public void The_completion_status_is_the_documents(string completion, string status) =>
        Assert.Equal(status, Document("T02", Txa(completion: completion)).Text("docStatus"));

    [Fact]
    public void Lines_of_text_are_one_attachment_with_their_empty_lines()
    {
        var made = Document("T02", Txa(), Line(1, "Findings:"), Line(2, ""), Line(3, "  none"), Line(4, "Signed~Dr Reed"));
        var attachment = Assert.Single(made["content"]!.AsArray())!["attachment"]!;
        Assert.Equal("text/plain", attachment.Text("contentType"));
        Assert.Equal("Findings:\n\n  none\nSigned\nDr Reed", Decoded(attachment));
        Assert.Equal("2024-05-01T10:00:00Z", attachment.Text("creation"));
    }

    [Fact]
    public void A_feed_may_keep_each_line_apart()
    {
        var profile = FeedProfile.Default with { JoinDocumentLines = false };
        var made = Feed.Translate(profile, "MDM^T02^MDM_T02", "EVN|T02|20240501", Feed.Pid, Txa(), Line(1, "One"), Line(2, "Two")).One("DocumentReference");
        Assert.Equal(["One", "Two"], made["content"]!.AsArray().Select(c => Decoded(c!["attachment"]!)));
    }

    [Fact]
    public void Another_heading_is_another_attachment()
    {
        var made = Document("T02", Txa(), Line(1, "Fever"), Line(2, "Rest", "PLAN^Plan^L"), "NTE|1||Dictated, not read");
        Assert.Equal(["Body", "Plan", "Note"], made["content"]!.AsArray().Select(c => c.Text("attachment.title")));
        Assert.Equal("Dictated, not read", Decoded(made.At("content.2.attachment")!));
    }

    [Fact]
    public void A_file_and_a_pointer_are_attachments_and_a_number_is_an_observation()
    {
        var result = Feed.Translate(
            "MDM^T02^MDM_T02",
            "EVN|T02|20240501",
            Feed.Pid,
            Txa(),
            "OBX|1|ED|PDF^Scan^L||^application^pdf^Base64^JVBERi0=||||||F",
            "OBX|2|RP|IMG^Image^L||https://pacs.example.org/1^^image^jpeg||||||F",
            "OBX|3|NM|8867-4^Heart rate^LN||72|/min^^UCUM|||||F");
        var made = result.One("DocumentReference");
        Assert.Equal(["application/pdf", "image/jpeg"], made["content"]!.AsArray().Select(c => c.Text("attachment.contentType")));
        Assert.Equal("https://pacs.example.org/1", made.Text("content.1.attachment.url"));
        Assert.Equal($"Observation/{result.One("Observation").Text("id")}", made.Text("context.related.0.reference"));
        Assert.Equal("final", made.Text("docStatus"));
    }

    [Fact]
    public void A_notification_without_content_says_that_it_is_unknown_and_leaves_what_is_stored()
    {
        var resource = Assert.Single(Feed.Translate("MDM^T01^MDM_T01", "EVN|T01|20240501", Feed.Pid, Txa()).Resources, r => r.Type == "DocumentReference");
        Assert.Equal("unknown", resource.Content.Text("content.0.attachment.extension.0.valueCode"));
        Assert.Contains("content", resource.Presumed);
    }

    [Fact]
    public void An_addendum_appends_to_its_parent()
    {
        var made = Document("T06", Txa(number: "DOC2^GH", parent: "DOC1^GH"), Line(1, "More"));
        Assert.Equal(("appends", "DOC1"), (made.Text("relatesTo.0.code"), made.Text("relatesTo.0.target.identifier.value")));
        Assert.NotEqual(Document("T02", Txa()).Text("id"), made.Text("id"));
    }

    [Fact]
    public void A_replacement_supersedes_what_it_replaces()
    {
        var stored = Document("T02", Txa(), Line(1, "First"));
        var resources = Feed.Translate("MDM^T10^MDM_T02", "EVN|T10|20240502", Feed.Pid, Txa(number: "DOC2^GH", parent: "DOC1^GH"), Line(1, "Second")).Resources;
        var old = Assert.Single(resources, r => r.Type == "DocumentReference" && r.Id == stored.Text("id"));
        var young = Assert.Single(resources, r => r.Type == "DocumentReference" && r.Id != old.Id);
        Assert.Equal(("replaces", old.Reference), (young.Content.Text("relatesTo.0.code"), young.Content.Text("relatesTo.0.target.reference")));
        Assert.Contains("content", old.Presumed);
        old.Content.Remove("content");
        stored = MergePatch.Apply(stored, old.Content);
        Assert.Equal(("superseded", "First"), (stored.Text("status"), Decoded(stored.At("content.0.attachment")!)));
    }

    [Fact]
    public void An_edit_is_the_same_document_with_other_content()
    {
        var stored = Document("T02", Txa(completion: "DI"), Line(1, "Draft"));
        stored = MergePatch.Apply(stored, Document("T08", Txa(completion: "AU"), Line(1, "Final")));
        Assert.Equal(("final", "Final"), (stored.Text("docStatus"), Decoded(stored.At("content.0.attachment")!)));
    }

    [Fact]
    public void Type_people_visit_and_order_of_the_document_are_told()
    {
        var result = Feed.Translate(
            "MDM^T02^MDM_T02",
            "EVN|T02|20240501",
            Feed.Pid,
            "PV1|1|I|W1^^^GH|||||||||||||||||V1^^^GH",
            "ORC|RE|PL1^GH|FI1^RAD",
            "OBR|1|PL1^GH|FI1^RAD|24627-2^CT Chest^LN",
            Txa(),
            Line(1, "Clear"));
        var made = result.One("DocumentReference");
        Assert.Equal(("18842-5", "http://loinc.org", "DS"), (made.Text("type.coding.0.code"), made.Text("type.coding.0.system"), made.Text("type.coding.1.code")));
        Assert.Equal("clinical-note", made.Text("category.0.coding.0.code"));
        Assert.Equal($"Encounter/{result.One("Encounter").Text("id")}", made.Text("context.encounter.0.reference"));
        Assert.Equal($"ServiceRequest/{result.One("ServiceRequest").Text("id")}", made.Text("context.related.0.reference"));
        Assert.Equal(("Dr Una Reed", "Dr Ian Moss"), (made.Text("author.0.display"), made.Text("authenticator.display")));
        Assert.Equal("R", made.Text("securityLabel.0.coding.0.code"));
        Assert.Empty(result.All("Observation"));
    }

    private static string Decoded(JsonNode attachment) => Encoding.UTF8.GetString(Convert.FromBase64String(attachment.Text("data")!));

    private static string Line(int set, string text, string heading = "BODY^Body^L") => $"OBX|{set}|TX|{heading}||{text}||||||F";

    private static string Txa(string availability = "", string completion = "AU", string number = "DOC1^GH", string parent = "") =>
        $"TXA|1|DS|TX|20240501093000||20240501100000|||D77^Reed^Una^^^Dr^^^GH|D78^Moss^Ian^^^Dr^^^GH||{number}|{parent}||||{completion}|R|{availability}";

    private static JsonObject Document(string trigger, params string[] segments) =>
        Feed.Translate($"MDM^{trigger}^MDM_T02", [$"EVN|{trigger}|20240501", Feed.Pid, .. segments]).One("DocumentReference");
}
