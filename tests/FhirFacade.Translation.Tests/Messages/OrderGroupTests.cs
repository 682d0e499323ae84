using System.Text;

namespace FhirFacade.Translation.Tests.Messages;

/// <summary>What belongs together in orders and results, and the switches for what sites do differently.</summary>
public class OrderGroupTests
{
    private const string Obr = "OBR|1|P1^GH|F1^GH|CBC^Blood count^L|||20240501080000||||||||||||||||||F";

    [Fact]
    public void An_order_that_is_nothing_but_its_ORC_is_a_request()
    {
        var request = Feed.Translate("ORM^O01^ORM_O01", Feed.Pid, "ORC|CR|P1^GH||||||||||7^Dole^Dan", "NTE|1||no longer needed").One("ServiceRequest");
        Assert.Equal(("revoked", "Dan Dole", "no longer needed"), (request.Text("status"), request.Text("requester.display"), request.Text("note.0.text")));
    }

    [Fact]
    public void An_order_of_a_patient_does_not_go_over_to_the_next()
    {
        var result = Feed.Translate("ORU^R01", "PID|1||1^^^GH", "ORC|RE|P1^GH", "PID|2||2^^^GH", "OBR|1||F2^GH|CBC^^L");
        Assert.DoesNotContain("P1", result.One("DiagnosticReport")["identifier"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_order_that_names_its_people_has_a_provenance_of_its_own()
    {
        var result = Feed.Translate("OML^O21^OML_O21", Feed.Pid, "ORC|NW|P1^GH|||||||20240501070000|5^Enter^Eve|6^Very^Vic|7^Dole^Dan|||||CLINIC^Clinic^L|WS1^Workstation^L|8^Act^Al", "OBR|1|P1^GH||CBC^^L", "ORC|CA|P2^GH||||||||5^Enter^Eve", "OBR|2|P2^GH||BMP^^L");
        var own = result.All("Provenance").Where(p => p.Text("activity.coding.0.system") == "http://terminology.hl7.org/CodeSystem/v2-0119").ToList();
        Assert.Equal(["NW", "CA"], own.Select(p => p.Text("activity.coding.0.code")));
        Assert.Equal(["enterer", "verifier", "author", "custodian", "assembler", "performer"], own[0]["agent"]!.AsArray().Select(a => a.Text("type.coding.0.code")));
        Assert.Equal("2024-05-01T07:00:00Z", own[0].Text("occurredDateTime"));
        Assert.Equal(result.All("ServiceRequest").Select(r => $"ServiceRequest/{r.Text("id")}"), own.Select(p => p.Text("target.0.reference")));
    }

    [Fact]
    public void A_child_order_hangs_on_its_parents_result_and_request()
    {
        var result = Feed.Translate(
            "ORU^R01",
            Feed.Pid,
            "OBR|1|P1^GH|F1^GH|CULT^Culture^L|||||||||||||||||||||F",
            "OBX|1|CE|ORG^Organism^L|1|112283007^E coli^SCT||||||F",
            "OBR|2|P2^GH|F2^GH|SUS^Susceptibility^L|||||||||||||||||||||F|ORG&Organism&L^1|||P1&GH^F1&GH",
            "OBX|1|NM|AMP^Ampicillin^L||4|||S|||F");
        var organism = result.All("Observation").Single(o => o.Text("code.coding.0.code") == "ORG");
        var susceptibility = result.All("Observation").Single(o => o.Text("code.coding.0.code") == "AMP");
        Assert.Equal($"Observation/{susceptibility.Text("id")}", organism.Text("hasMember.0.reference"));
        var requests = result.All("ServiceRequest");
        Assert.Equal(($"ServiceRequest/{requests[0].Text("id")}", "P1"), (requests[1].Text("basedOn.0.reference"), requests[1].Text("basedOn.0.identifier.value")));
        Assert.Empty(result.Unmapped);
    }

    [Fact]
    public void Several_values_are_components_or_observations_as_the_feed_has_it()
    {
        const string obx = "OBX|1|CE|ORG^^L||A^^L~B^^L||||||F";
        var components = Feed.Translate("ORU^R01", Feed.Pid, Obr, obx);
        Assert.Equal(["A", "B"], components.One("Observation")["component"]!.AsArray().Select(c => c.Text("valueCodeableConcept.coding.0.code")));
        var separate = Feed.Translate(FeedProfile.Default with { RepeatedValues = RepeatedValues.Observations }, "ORU^R01", Feed.Pid, Obr, obx);
        Assert.Equal(["A", "B"], separate.All("Observation").Select(o => o.Text("valueCodeableConcept.coding.0.code")));
        Assert.Equal(2, separate.One("DiagnosticReport")["result"]!.AsArray().Count);
        Assert.Equal(components.One("Observation").Text("id"), separate.All("Observation")[0].Text("id"));
    }

    [Fact]
    public void Lines_of_a_report_are_kept_apart_joined_or_the_form_of_the_report()
    {
        string[] message = [Feed.Pid, Obr, "OBX|1|TX|RPT^Report^L|1|  Line one||||||F", "OBX|2|TX|RPT^Report^L|2|||||||F", "OBX|3|TX|RPT^Report^L|3|Line three||||||F", "OBX|4|NM|HB^^L||14||||||F"];
        Assert.Equal(4, Feed.Translate("ORU^R01", message).All("Observation").Count);

        var joined = Feed.Translate(FeedProfile.Default with { TextLines = TextLines.Joined }, "ORU^R01", message);
        Assert.Equal("  Line one\n\nLine three", joined.All("Observation")[0].Text("valueString"));
        Assert.Equal(2, joined.All("Observation").Count);

        var form = Feed.Translate(FeedProfile.Default with { TextLines = TextLines.PresentedForm }, "ORU^R01", message);
        Assert.Equal("HB", form.One("Observation").Text("code.coding.0.code"));
        Assert.Equal("  Line one\n\nLine three", Encoding.UTF8.GetString(Convert.FromBase64String(form.One("DiagnosticReport").Text("presentedForm.0.data")!)));
        Assert.Empty(form.Unmapped);
    }

    [Fact]
    public void A_result_makes_no_request_where_the_feed_does_not_want_it()
    {
        var profile = FeedProfile.Default with { RequestsOfResults = false };
        var result = Feed.Translate(profile, "ORU^R01", Feed.Pid, Obr, "OBX|1|NM|HB^^L||14||||||F");
        Assert.Empty(result.All("ServiceRequest"));
        Assert.False(result.One("DiagnosticReport").ContainsKey("basedOn"));
        Assert.Single(Feed.Translate(profile, "OML^O21^OML_O21", Feed.Pid, "ORC|NW|P1^GH", "OBR|1|P1^GH||CBC^^L").All("ServiceRequest"));
    }

    [Fact]
    public void A_result_counts_by_its_message_or_where_the_feed_wants_it_by_the_time_of_its_status()
    {
        string[] message = [Feed.Pid, "OBR|1||F1^GH|CBC^^L||||||||||||||||||20240430090000|||F", "OBX|1|NM|HB^^L||14||||||F"];
        static IEnumerable<string?> Times(TranslationResult result) => result.Resources.Where(r => r.Type is "Observation" or "DiagnosticReport" or "Patient").OrderBy(r => r.Type).Select(r => $"{r.Time:MM-dd HH}");
        Assert.Equal(["05-01 12", "05-01 12", "05-01 12"], Times(Feed.Translate("ORU^R01", message)));
        Assert.Equal(["04-30 09", "04-30 09", "05-01 12"], Times(Feed.Translate(FeedProfile.Default with { IsResultOrderedByStatusTime = true }, "ORU^R01", message)));
        Assert.Equal(["", "", ""], Times(Feed.Translate(FeedProfile.Default with { IsResultOrderedByStatusTime = true, IsOrderedByEvents = false }, "ORU^R01", message)));
    }

    [Fact]
    public void An_answer_to_a_question_at_order_entry_informs_the_request()
    {
        var result = Feed.Translate("ORU^R01", Feed.Pid, Obr, "OBX|1|CE|FAST^Fasting^L||Y^Yes^HL70136||||||F||||||||||||||||||QST");
        Assert.Null(result.One("DiagnosticReport")["result"]);
        Assert.Equal($"Observation/{result.One("Observation").Text("id")}", result.One("ServiceRequest").Text("supportingInfo.0.reference"));
    }

    [Theory]
    [InlineData("8867-4", "vital-signs")]
    [InlineData("72166-2", "social-history")]
    [InlineData("718-7", "laboratory")]
    public void The_category_is_that_of_the_code_else_of_the_service(string loinc, string category)
    {
        var result = Feed.Translate("ORU^R01", Feed.Pid, "OBR|1||F1^GH|CBC^^L||||||||||||||||||||HM|F", $"OBX|1|NM|{loinc}^^LN||1||||||F");
        Assert.Equal(category, result.One("Observation").Text("category.0.coding.0.code"));
        Assert.Contains(result.One("DiagnosticReport")["category"]!.AsArray(), c => c.Text("coding.0.code") == "LAB");
    }

    [Fact]
    public void A_report_on_a_specimen_is_the_laboratorys()
    {
        var result = Feed.Translate("ORU^R01^ORU_R01", Feed.Pid, Obr, "OBX|1|NM|718-7^^LN||1||||||F", "SPM|1|^S2&GH||BLD");
        Assert.Equal("laboratory", result.One("Observation").Text("category.0.coding.0.code"));
        Assert.Equal("LAB", result.One("DiagnosticReport").Text("category.0.coding.0.code"));
    }

    [Fact]
    public void A_container_belongs_to_its_specimen()
    {
        var result = Feed.Translate("OML^O21^OML_O21", Feed.Pid, "ORC|NW|P1^GH", "OBR|1|P1^GH||CBC^^L", "SPM|1|S1&GH||BLD", "SAC||A1^GH|C1^GH||||20240501||||||||||||||10|8||mL");
        var specimen = result.One("Specimen");
        Assert.Equal(("C1", "10", "8", "A1"), (specimen.Text("container.0.identifier.0.value"), specimen.At("container.0.capacity.value")!.ToJsonString(), specimen.At("container.0.specimenQuantity.value")!.ToJsonString(), specimen.Text("accessionIdentifier.value")));
    }

    [Fact]
    public void A_timing_before_or_after_the_request_is_when_it_is_to_be_done()
    {
        var before = Feed.Translate("OML^O21^OML_O21", Feed.Pid, "ORC|NW|P1^GH", "TQ1|1||Q6H||||20240501080000||S", "OBR|1|P1^GH||CBC^^L|||20240501").One("ServiceRequest");
        Assert.Equal(("stat", "2024-05-01T08:00:00Z", "6"), (before.Text("priority"), before.Text("occurrenceTiming.repeat.boundsPeriod.start"), before.At("occurrenceTiming.repeat.period")!.ToJsonString()));
        var after = Feed.Translate("OML^O21^OML_O21", Feed.Pid, "ORC|NW|P1^GH", "OBR|1|P1^GH||CBC^^L", "TQ1|1||Q6H||||20240501080000||S").One("ServiceRequest");
        Assert.Equal(before.Text("occurrenceTiming.code.text"), after.Text("occurrenceTiming.code.text"));
        var old = Feed.Translate("ORM^O01^ORM_O01", Feed.Pid, "ORC|NW|P1^GH|||||1^Q6H^D3^20240501080000^^R", "OBR|1|P1^GH||CBC^^L").One("ServiceRequest");
        Assert.Equal(("2024-05-01T08:00:00Z", "Q6H", "routine"), (old.Text("occurrenceTiming.repeat.boundsPeriod.start"), old.Text("occurrenceTiming.code.text"), old.Text("priority")));
        Assert.False(old.ContainsKey("occurrenceDateTime"));
    }

    [Fact]
    public void A_diagnosis_below_an_order_is_its_reason()
    {
        var result = Feed.Translate("OML^O21^OML_O21", Feed.Pid, "ORC|NW|P1^GH", "OBR|1|P1^GH||CBC^^L", "DG1|1||I10^Hypertension^I10C");
        Assert.Equal($"Condition/{result.One("Condition").Text("id")}", result.One("ServiceRequest").Text("reasonReference.0.reference"));
    }

    [Fact]
    public void The_instrument_is_a_device()
    {
        var result = Feed.Translate("ORU^R01", Feed.Pid, Obr, "OBX|1|NM|HB^^L||14||||||F|||||||D1^GH", "OBX|2|NM|HT^^L||14||||||F|||||||D1^GH");
        Assert.Equal(("D1", 2), (result.One("Device").Text("identifier.0.value"), result.All("Observation").Count(o => o.Text("device.reference") == $"Device/{result.One("Device").Text("id")}")));
    }

    [Theory]
    [InlineData("ORU^R30^ORU_R30")]
    [InlineData("ORU^R32^ORU_R30")]
    [InlineData("ORU^R40^ORU_R40")]
    [InlineData("OUL^R21^OUL_R21")]
    public void Unsolicited_results_of_any_event_are_reports(string type)
    {
        var result = Feed.Translate(type, Feed.Pid, "ORC|RE|P1^GH|F1^GH", Obr, "OBX|1|NM|HB^^L||14||||||F");
        Assert.Equal($"Observation/{result.One("Observation").Text("id")}", result.One("DiagnosticReport").Text("result.0.reference"));
    }

    [Theory]
    [InlineData("OML^O21^OML_O21")]
    [InlineData("OML^O33^OML_O33")]
    [InlineData("OML^O35^OML_O35")]
    [InlineData("OMG^O19^OMG_O19")]
    [InlineData("ORM^O01^ORM_O01")]
    public void Orders_of_any_kind_are_requests_and_no_reports(string type)
    {
        var result = Feed.Translate(type, Feed.Pid, "ORC|NW|P1^GH", "OBR|1|P1^GH||CBC^^L", "OBX|1|NM|HB^^L||14||||||F");
        Assert.Equal("active", result.One("ServiceRequest").Text("status"));
        Assert.Equal($"Observation/{result.One("Observation").Text("id")}", result.One("ServiceRequest").Text("supportingInfo.0.reference"));
        Assert.Empty(result.All("DiagnosticReport"));
    }

    [Theory]
    [InlineData("OUL^R22^OUL_R22")]
    [InlineData("OUL^R23^OUL_R23")]
    [InlineData("OUL^R24^OUL_R24")]
    public void In_specimen_centred_results_the_specimen_comes_first_and_the_order_may_follow_its_request(string type)
    {
        var result = Feed.Translate(type, Feed.Pid, "SPM|1|S1&GH^S2&GH||BLD", "OBR|1||F1^GH|CBC^^L", "ORC|RE|P1^GH", "OBX|1|NM|HB^^L||14||||||F");
        Assert.Equal($"Specimen/{result.One("Specimen").Text("id")}", result.One("Observation").Text("specimen.reference"));
        Assert.Contains("P1", result.One("ServiceRequest")["identifier"]!.ToJsonString(), StringComparison.Ordinal);
    }
}
