using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Tests.Messages;

/// <summary>What the rarer trigger events of ADT mean.</summary>
public class AdtEventTests
{
    private const string Bed = "WARD1^101^A";
    private const string PlannedEnd = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate";

    [Theory]
    [InlineData("A14", "planned")]
    [InlineData("A27", "cancelled")]
    [InlineData("A16", "in-progress")]
    [InlineData("A21", "onleave")]
    [InlineData("A22", "in-progress")]
    [InlineData("A23", "entered-in-error")]
    [InlineData("A25", "in-progress")]
    public void Pending_and_cancelled_events_and_leave_have_a_status(string trigger, string status) =>
        Assert.Equal(status, Feed.Translate($"ADT^{trigger}", Feed.Pid, $"PV1|1||{Bed}||||||||||||||||V1^^^GH").One("Encounter").Text("status"));

    [Fact]
    public void A_pending_discharge_has_an_expected_end_which_its_cancellation_removes()
    {
        var pv2 = "PV2|||||||||20240510";
        Assert.Equal("2024-05-10", (string?)Feed.Translate("ADT^A16", Feed.Pid, $"PV1|1|I|{Bed}", pv2).One("Encounter").Extension(PlannedEnd));
        var cancelled = Feed.Translate("ADT^A25", Feed.Pid, $"PV1|1|I|{Bed}", pv2).Resources.Single(r => r.Type == "Encounter");
        Assert.Null(cancelled.Content.Extension(PlannedEnd));
        Assert.Equal([$"extension/{PlannedEnd}"], cancelled.Removes);
    }

    [Fact]
    public void A_pending_transfer_names_the_bed_to_come_which_its_cancellation_removes()
    {
        List<string?> Status(string trigger) => [.. Feed.Translate($"ADT^{trigger}", Feed.Pid, $"PV1|1|I|{Bed}", "PV2|WARD2^201^B").One("Encounter")["location"]!.AsArray().Select(l => l.Text("status"))];
        Assert.Equal<string?>(["active", "planned"], Status("A15"));
        Assert.Equal<string?>(["active"], Status("A26"));
    }

    [Fact]
    public void The_status_of_a_bed_is_its_locations()
    {
        var result = Feed.Translate("ADT^A20", "EVN|A20|20240501120000", $"NPU|{Bed}|H");
        var bed = result.Resources.Single(r => r.Type == "Location" && r.Content.Text("name") == "A");
        Assert.Equal("H", bed.Content.Text("operationalStatus.code"));
        Assert.Equal(new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero), bed.Time);
        Assert.Empty(result.Unmapped);
    }

    [Fact]
    public void Two_patients_swap_their_beds()
    {
        var result = Feed.Translate("ADT^A17", "PID|1||1^^^GH^MR", "PV1|1|I|WARD2^2^B", "PID|2||2^^^GH^MR", "PV1|1|I|WARD1^1^A");
        Assert.Equal(["B", "A"], result.All("Encounter").Select(e => e.Text("location.0.location.display")));
        Assert.Equal(2, result.All("Encounter").Select(e => e.Text("subject.reference")).Distinct().Count());
    }

    [Fact]
    public void Linked_patients_see_each_other_and_unlinked_ones_do_not()
    {
        var linked = Feed.Translate("ADT^A24", "PID|1||1^^^GH^MR", "PID|2||2^^^GH^MR").All("Patient");
        Assert.Equal(["seealso", "seealso"], linked.Select(p => p.Text("link.0.type")));
        Assert.Equal($"Patient/{linked[1]["id"]}", linked[0].Text("link.0.other.reference"));
        var unlinked = Feed.Translate("ADT^A37", "PID|1||1^^^GH^MR", "PID|2||2^^^GH^MR").Resources.Where(r => r.Type == "Patient").ToList();
        Assert.Equal([$"link/Patient/{unlinked[1].Id}"], unlinked[0].Removes);
    }

    [Fact]
    public void A_deleted_person_is_no_longer_active() =>
        Assert.False((bool)Feed.Translate("ADT^A29", Feed.Pid).One("Patient")["active"]!);

    [Theory]
    [InlineData("A", "active", null)]
    [InlineData("U", "active", null)]
    [InlineData("D", null, "entered-in-error")]
    public void The_action_code_of_an_allergy_counts(string action, string? clinical, string? verification)
    {
        var allergy = Feed.Translate("ADT^A60", Feed.Pid, $"IAM|1|DA|PEN|SV|rash|{action}").One("AllergyIntolerance");
        Assert.Equal((clinical, verification), (allergy.Text("clinicalStatus.coding.0.code"), allergy.Text("verificationStatus.coding.0.code")));
    }

    [Fact]
    public void An_unchanged_allergy_says_nothing() => Assert.Empty(Feed.Translate("ADT^A60", Feed.Pid, "IAM|1|DA|PEN|SV|rash|X").All("AllergyIntolerance"));

    [Fact]
    public void The_time_of_the_event_is_EVN_2_else_MSH_7_if_it_is_exact()
    {
        DateTimeOffset? Time(string evn) => Feed.Translate("ADT^A08", evn, Feed.Pid).Resources.Single(r => r.Type == "Patient").Time;
        Assert.Equal(new DateTimeOffset(2024, 4, 30, 8, 0, 0, TimeSpan.FromHours(2)), Time("EVN|A08|202404300800+0200"));
        Assert.Equal(new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero), Time("EVN|A08|20240430"));
        var result = Feed.Translate(FeedProfile.Default with { IsOrderedByEvents = false }, "ADT^A08", Feed.Pid);
        Assert.All(result.Resources, r => Assert.Null(r.Time));
    }

    [Fact]
    public void A_snapshot_says_what_it_carries_if_the_feed_is_configured_so()
    {
        string[] segments = [Feed.Pid, "NK1|1|Doe^Jo|SPO", "PV1|1|I|WARD1||||||||||||||||V1^^^GH", "AL1|1|DA|PEN", "DG1|1||J45|||A", "IN1|1|PPO|INS"];
        Assert.Empty(Feed.Translate("ADT^A08", segments).Retired);
        var result = Feed.Translate(FeedProfile.Default with { SnapshotSegments = ["AL1", "DG1", "NK1", "IN1"] }, "ADT^A08", segments);
        Assert.Equal(["AllergyIntolerance", "Condition", "RelatedPerson", "Coverage"], result.Retired.Select(r => r.Type));
        Assert.All(result.Retired, r => Assert.Single(r.Kept));
        Assert.Equal("active", result.One("Condition").Text("clinicalStatus.coding.0.code"));
        Assert.Empty(Feed.Translate(FeedProfile.Default with { SnapshotSegments = ["AL1"] }, "ADT^A03", segments).Retired);
    }

    [Fact]
    public void A_merge_names_the_prior_patient_where_nobody_has_before()
    {
        var result = Feed.Translate("ADT^A40", "PID|1||1^^^GH^MR||Miller^Ann", "MRG|2^^^GH^MR||||||Mueller^Ann");
        var prior = result.Resources.Single(r => r.Content.Text("link.0.type") == "replaced-by");
        Assert.Equal("Mueller", prior.Content.Text("name.0.family"));
        Assert.Equal(["identifier", "name"], prior.Presumed.Order());
        Assert.Equal(new ReferenceMove("Patient", prior.Id, prior.Content.Text("link.0.other.reference")![8..], prior.Id, prior.Content.Text("link.0.other.reference")![8..]), Assert.Single(result.Moves));
        Assert.Equal(Hl7Severity.Information, Assert.Single(result.Issues).Severity);
    }
}
