using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;

namespace FhirFacade.Translation.Tests.Messages;

/// <summary>A visit through its events, each message laid over what the ones before have stored.</summary>
public class LifeCycleTests
{
    private const string Admitted = "20240501080000";

    [Theory]
    [InlineData("A01", "I", "in-progress")]
    [InlineData("A02", "I", "in-progress")]
    [InlineData("A04", "O", "in-progress")]
    [InlineData("A05", "P", "planned")]
    [InlineData("A05", "I", "planned")]
    [InlineData("A06", "I", "in-progress")]
    [InlineData("A07", "O", "in-progress")]
    [InlineData("A03", "I", "finished")]
    [InlineData("A11", "I", "cancelled")]
    [InlineData("A12", "I", "in-progress")]
    [InlineData("A13", "I", "in-progress")]
    [InlineData("A08", "I", "in-progress")]
    [InlineData("A08", "P", "planned")]
    [InlineData("A01", "QQ", "in-progress")]
    [InlineData("A08", "QQ", "unknown")]
    public void The_event_or_the_class_tells_the_status(string trigger, string patientClass, string status)
    {
        Assert.Equal(status, Visit(trigger, Pv1(patientClass)).Text("status"));
    }

    [Fact]
    public void A_discharge_time_means_finished_unless_the_event_says_otherwise()
    {
        var pv1 = Pv1("I", discharged: "20240503100000");
        Assert.Equal("finished", Visit("A08", pv1).Text("status"));
        Assert.Equal("cancelled", Visit("A11", pv1).Text("status"));
        Assert.Equal("in-progress", Visit("A13", pv1).Text("status"));
    }

    [Fact]
    public void Admit_discharge_and_cancelled_discharge_leave_an_open_visit()
    {
        var stored = Visit("A01", Pv1("I"));
        stored = MergePatch.Apply(stored, Visit("A03", Pv1("I", discharged: "20240503100000")));
        Assert.Equal(("finished", "2024-05-03T10:00:00Z"), (stored.Text("status"), stored.Text("period.end")));
        stored = MergePatch.Apply(stored, Visit("A13", Pv1("I", discharged: "20240503100000")));
        Assert.Equal(("in-progress", "2024-05-01T08:00:00Z"), (stored.Text("status"), stored.Text("period.start")));
        Assert.Null(stored.At("period.end"));
    }

    [Fact]
    public void A_transfer_and_its_cancellation_move_the_patient_there_and_back()
    {
        var admitted = Visit("A01", Pv1("I", bed: "WARD1^101^A"));
        var stored = MergePatch.Apply(admitted, Visit("A02", Pv1("I", bed: "WARD2^201^B", prior: "WARD1^101^A")));
        Assert.Equal([("B", "active"), ("A", "completed")], Places(stored));
        stored = MergePatch.Apply(stored, Visit("A12", Pv1("I", bed: "WARD1^101^A")));
        Assert.Equal([("A", "active")], Places(stored));
        Assert.Equal(admitted.Text("location.0.location.reference"), stored.Text("location.0.location.reference"));
    }

    [Fact]
    public void All_events_of_a_visit_number_are_one_encounter()
    {
        var ids = new[] { "A01", "A02", "A03", "A08", "A11", "A13" }.Select(e => Visit(e, Pv1("I")).Text("id")).Distinct();
        Assert.Single(ids);
    }

    [Fact]
    public void A_cancelled_admission_may_carry_no_more_than_PID_and_PV1()
    {
        var visit = Visit("A11", "PV1|1|I|||||||||||||||||V1^^^GH");
        Assert.Equal("cancelled", visit.Text("status"));
        Assert.Equal(Visit("A01", Pv1("I")).Text("id"), visit.Text("id"));
    }

    [Fact]
    public void A_pre_admission_number_becomes_the_visit_when_the_patient_comes()
    {
        var planned = Visit("A05", Pv1("P", bed: "WARD1"));
        Assert.Equal("planned", planned.Text("location.0.status"));
        var stored = MergePatch.Apply(planned, Visit("A01", Pv1("I", bed: "WARD1")));
        Assert.Equal(("in-progress", "IMP"), (stored.Text("status"), stored.Text("class.code")));
    }

    [Fact]
    public void A_result_does_not_claim_to_know_the_state_of_the_visit()
    {
        var result = Feed.Translate("ORU^R01^ORU_R01", Feed.Pid, Pv1("I"), "OBR|1||F1^GH|CBC^^L");
        Assert.Contains("status", result.Resources.Single(r => r.Type == "Encounter").Presumed);
        Assert.DoesNotContain("status", Feed.Translate("ADT^A01", Feed.Pid, Pv1("I")).Resources.Single(r => r.Type == "Encounter").Presumed);
    }

    [Fact]
    public void Preliminary_final_and_corrected_results_are_one_observation()
    {
        var versions = new[] { "P", "F", "C" }.Select(s => Feed.Translate("ORU^R01", Feed.Pid, $"OBR|1|P1^GH|F1^GH|CBC^^L|||||||||||||||||||||{s}", $"OBX|1|NM|HB^^L||1||||||{s}")).ToList();
        Assert.Single(versions.Select(v => v.One("Observation").Text("id")).Distinct());
        Assert.Single(versions.Select(v => v.One("DiagnosticReport").Text("id")).Distinct());
        Assert.Equal(["preliminary", "final", "corrected"], versions.Select(v => v.One("Observation").Text("status")));
        Assert.Equal(["preliminary", "final", "corrected"], versions.Select(v => v.One("DiagnosticReport").Text("status")));
        Assert.All(versions, v => Assert.All(v.Resources.Where(r => r.Type is "Observation" or "DiagnosticReport"), r => Assert.Equal(TranslationMode.Replace, r.Mode)));
    }

    [Fact]
    public void A_merge_keeps_two_patients_that_know_each_other()
    {
        var result = Feed.Translate("ADT^A40^ADT_A39", "PID|1||1^^^GH^MR||Miller^Ann", "MRG|2^^^GH^MR");
        var patients = result.All("Patient");
        var survivor = patients.Single(p => p.Text("link.0.type") == "replaces");
        var prior = patients.Single(p => p.Text("link.0.type") == "replaced-by");
        Assert.Equal($"Patient/{prior["id"]}", survivor.Text("link.0.other.reference"));
        Assert.Equal($"Patient/{survivor["id"]}", prior.Text("link.0.other.reference"));
        Assert.Equal((true, false), ((bool)survivor["active"]!, (bool)prior["active"]!));
        Assert.Equal(Feed.Patient("PID|1||2^^^GH^MR||Miller^Ann").Text("id"), prior.Text("id"));
        Assert.False(prior.ContainsKey("name"));
    }

    [Fact]
    public void A_merge_message_may_hold_several_merges()
    {
        var result = Feed.Translate("ADT^A40^ADT_A39", "PID|1||1^^^GH^MR", "MRG|2^^^GH^MR", "PID|1||3^^^GH^MR", "MRG|4^^^GH^MR");
        Assert.Equal(["replaced-by", "replaced-by", "replaces", "replaces"], result.All("Patient").Select(p => p.Text("link.0.type")).Order());
    }

    [Fact]
    public void The_inverse_merge_makes_the_prior_patient_the_survivor()
    {
        var there = Feed.Translate("ADT^A40", "PID|1||1^^^GH^MR", "MRG|2^^^GH^MR");
        var back = Feed.Translate("ADT^A40", "PID|1||2^^^GH^MR", "MRG|1^^^GH^MR");
        var id = (string)there.All("Patient").Single(p => p.Text("link.0.type") == "replaced-by")["id"]!;
        var stored = MergePatch.Apply(Content(there, id), Content(back, id));
        Assert.Equal((true, "replaces"), ((bool)stored["active"]!, stored.Text("link.0.type")));
    }

    [Theory]
    [InlineData("MRG|", "MRG-1")]
    [InlineData(null, "MRG")]
    public void A_merge_without_a_prior_patient_fails_and_says_where(string? mrg, string location)
    {
        var result = Feed.Translate("ADT^A40", [Feed.Pid, .. mrg is null ? [] : new[] { mrg }]);
        Assert.True(result.IsFailure);
        Assert.Empty(result.Resources);
        Assert.Equal(location, Assert.Single(result.Issues, i => i.Severity == FhirFacade.Hl7v2.Parsing.Hl7Severity.Error).Location);
    }

    private static string Pv1(string patientClass, string bed = "WARD1^101^A", string prior = "", string discharged = "") =>
        $"PV1|1|{patientClass}|{bed}|||{prior}|||||||||||||V1^^^GH|||||||||||||||||||||||||{Admitted}|{discharged}";

    private static JsonObject Visit(string trigger, string pv1) => Feed.Translate($"ADT^{trigger}", $"EVN|{trigger}|20240501120000", Feed.Pid, pv1).One("Encounter");

    private static JsonObject Content(TranslationResult result, string id) => result.Resources.Single(r => r.Id == id).Content;

    private static IEnumerable<(string?, string?)> Places(JsonObject encounter) =>
        encounter["location"]!.AsArray().Select(l => (l.Text("location.display"), l.Text("status")));
}
