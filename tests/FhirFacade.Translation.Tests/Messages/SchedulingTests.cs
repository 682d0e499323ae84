using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;

namespace FhirFacade.Translation.Tests.Messages;

/// <summary>SIU: one appointment through its events.</summary>
public class SchedulingTests
{
    private const string Visit = "PV1|1|O|CL1^^^GH|||||||||||||||||V77^^^GH";

    [Theory]
    [InlineData("S12", "", "booked")]
    [InlineData("S13", "", "booked")]
    [InlineData("S14", "", "booked")]
    [InlineData("S15", "", "cancelled")]
    [InlineData("S16", "", "cancelled")]
    [InlineData("S17", "", "entered-in-error")]
    [InlineData("S26", "", "noshow")]
    [InlineData("S12", "Pending", "pending")]
    [InlineData("S12", "Waitlist", "waitlist")]
    [InlineData("S14", "Started", "checked-in")]
    [InlineData("S14", "COMPLETE", "fulfilled")]
    [InlineData("S15", "Booked", "cancelled")]
    [InlineData("S15", "Noshow", "noshow")]
    [InlineData("S17", "Deleted", "entered-in-error")]
    public void The_event_tells_the_status_where_SCH_25_does_not(string trigger, string filler, string status) =>
        Assert.Equal(status, Appointment(trigger, Sch(filler: filler)).Text("status"));

    [Fact]
    public void A_feed_may_believe_SCH_25_rather_than_the_event()
    {
        var profile = FeedProfile.Default with { AppointmentStatusOfField = true };
        var made = Feed.Translate(profile, "SIU^S15^SIU_S12", Sch(filler: "Booked"), Feed.Pid).One("Appointment");
        Assert.Equal("booked", made.Text("status"));
        Assert.Equal("cancelled", Feed.Translate(profile, "SIU^S15^SIU_S12", Sch(), Feed.Pid).One("Appointment").Text("status"));
    }

    [Fact]
    public void An_appointment_is_booked_moved_and_cancelled_as_one()
    {
        var stored = Appointment("S12", Sch());
        var moved = Appointment("S13", Sch(start: "20240510140000", end: "20240510143000"));
        Assert.Equal(stored.Text("id"), moved.Text("id"));
        stored = MergePatch.Apply(stored, moved);
        Assert.Equal(("booked", "2024-05-10T14:00:00Z", "2024-05-10T14:30:00Z"), (stored.Text("status"), stored.Text("start"), stored.Text("end")));
        stored = MergePatch.Apply(stored, Appointment("S15", Sch(start: "20240510140000", end: "20240510143000", reason: "PATREQ^Patient request^L")));
        Assert.Equal(("cancelled", "Patient request"), (stored.Text("status"), stored.Text("cancelationReason.coding.0.display")));
    }

    [Fact]
    public void TQ1_is_newer_than_the_quantity_in_SCH()
    {
        var made = Appointment("S13", Sch(), "TQ1|1||||||20240511090000|20240511093000");
        Assert.Equal(("2024-05-11T09:00:00Z", "2024-05-11T09:30:00Z"), (made.Text("start"), made.Text("end")));
    }

    [Theory]
    [InlineData("30|min", "2024-05-02T09:30:00Z", 30)]
    [InlineData("2|H", "2024-05-02T11:00:00Z", 120)]
    [InlineData("5400|s", "2024-05-02T10:30:00Z", 90)]
    [InlineData("45|", "2024-05-02T09:45:00Z", 45)]
    public void A_duration_gives_the_end(string duration, string end, int minutes)
    {
        var made = Appointment("S12", $"SCH|P1^GH|F1^GH|||||CHECKUP|Normal|{duration}|^^^20240502090000");
        Assert.Equal((end, minutes), (made.Text("end"), (int)made.At("minutesDuration")!));
    }

    [Fact]
    public void Without_any_time_a_booked_appointment_says_that_it_is_unknown()
    {
        var made = Appointment("S12", "SCH|P1^GH|F1^GH");
        Assert.Equal("unknown", made.Text("_start.extension.0.valueCode"));
        Assert.Equal("unknown", made.Text("_end.extension.0.valueCode"));
    }

    [Fact]
    public void Services_people_places_and_things_take_part()
    {
        var made = Appointment(
            "S12",
            Sch(),
            Visit,
            "RGS|1|A",
            "AIS|1|A|4548-4^HbA1c^LN|20240502090000|||15|min",
            "AIG|1|A|SCAN2^Scanner 2^L|EQ^Equipment^L||||20240502090000|||20|min||Booked",
            "AIL|1|A|CL1^R5^^GH|C^Clinic^L||20240502090000",
            "AIP|1|A|D77^Reed^Una^^^Dr^^^GH~D78^Moss^Ian^^^Dr^^^GH|NUR^Nurse^L|||10|min|20|min||Pending");
        Assert.Equal("4548-4", made.Text("serviceType.0.coding.0.code"));
        var participants = made["participant"]!.AsArray();
        Assert.Equal(["Scanner 2", "R5", "Dr Una Reed", "Dr Ian Moss", null], participants.Select(p => p.Text("actor.display")));
        Assert.Equal(["accepted", "accepted", "needs-action", "needs-action", "accepted"], participants.Select(p => p.Text("status")));
        Assert.Equal(("2024-05-02T09:00:00Z", "2024-05-02T09:20:00Z"), (participants[0].Text("period.start"), participants[0].Text("period.end")));
        Assert.Equal(("2024-05-02T09:10:00Z", "2024-05-02T09:30:00Z"), (participants[2].Text("period.start"), participants[2].Text("period.end")));
        Assert.StartsWith("Patient/", participants[4].Text("actor.reference"));
    }

    [Fact]
    public void A_resource_that_is_taken_away_is_no_participant_any_more()
    {
        var made = Appointment("S14", Sch(), "RGS|1|U", "AIP|1|D|D77^Reed^Una^^^Dr^^^GH|NUR^Nurse^L", "AIP|2|A|D78^Moss^Ian^^^Dr^^^GH|NUR^Nurse^L");
        Assert.Equal(["Dr Ian Moss", null], made["participant"]!.AsArray().Select(p => p.Text("actor.display")));
    }

    [Fact]
    public void Notes_are_lines_of_the_comment()
    {
        var made = Feed.Translate("SIU^S12^SIU_S12", Sch(), "NTE|1||Bring your glasses", Feed.Pid, "RGS|1", "AIS|1|A|EYE^Eye test^L", "NTE|1||Second floor").One("Appointment");
        Assert.Equal("Bring your glasses\nSecond floor", made.Text("comment"));
    }

    [Theory]
    [InlineData("S12", "planned")]
    [InlineData("S15", "cancelled")]
    [InlineData("S17", "entered-in-error")]
    public void The_visit_of_an_appointment_is_planned_and_refers_to_it(string trigger, string status)
    {
        var result = Feed.Translate($"SIU^{trigger}^SIU_S12", Sch(), Feed.Pid, Visit);
        var encounter = Assert.Single(result.Resources, r => r.Type == "Encounter");
        Assert.Equal(status, encounter.Content.Text("status"));
        Assert.Contains("status", encounter.Presumed);
        Assert.Equal($"Appointment/{result.One("Appointment").Text("id")}", encounter.Content.Text("appointment.0.reference"));
    }

    [Fact]
    public void The_order_that_the_schedule_names_is_the_order_itself()
    {
        var sch = "SCH|P1^GH|F1^GH|||||CHECKUP|Normal|30|min|^^^20240502090000|||||||||||||||PL9^GH|FI9^LAB";
        var scheduled = Feed.Translate("SIU^S12^SIU_S12", sch, Feed.Pid, "RGS|1", "AIS|1|A|4548-4^HbA1c^LN");
        var ordered = Feed.Translate("ORM^O01^ORM_O01", Feed.Pid, "ORC|NW|PL9^GH", "OBR|1|PL9^GH||4548-4^HbA1c^LN");
        Assert.Equal(ordered.One("ServiceRequest").Text("id"), scheduled.One("ServiceRequest").Text("id"));
        Assert.Equal($"ServiceRequest/{ordered.One("ServiceRequest").Text("id")}", scheduled.One("Appointment").Text("basedOn.0.reference"));
        var alone = Feed.Translate("SIU^S12^SIU_S12", sch, Feed.Pid).One("Appointment");
        Assert.Equal("PL9", alone.Text("basedOn.0.identifier.value"));
    }

    [Fact]
    public void A_blocked_slot_is_nobodys_appointment()
    {
        var result = Feed.Translate("SIU^S23^SIU_S12", Sch());
        Assert.Empty(result.All("Appointment"));
        Assert.Contains(result.Issues, i => i.Location == "SCH");
        Assert.Contains("SCH-1", result.Unmapped);
        Assert.False(result.IsFailure);
    }

    [Fact]
    public void An_unknown_status_is_kept_beside_the_likely_one()
    {
        var made = Appointment("S12", Sch(filler: "Overbook"));
        Assert.Equal("booked", made.Text("status"));
        Assert.Equal("Overbook", made.Text("_status.extension.0.valueCodeableConcept.coding.0.code"));
    }

    [Fact]
    public void Who_entered_it_takes_part_and_is_an_agent_of_the_change()
    {
        var sch = "SCH|P1^GH|F1^GH||||PATREQ^Patient request^L|CHECKUP|Normal|30|min|^^^20240502090000|||||||||E5^Clerk^Cy^^^^^^GH|555-1234";
        var result = Feed.Translate("SIU^S12^SIU_S12", sch, Feed.Pid);
        Assert.Equal("enterer", result.One("Appointment").Text("participant.0.type.0.coding.0.code"));
        Assert.Equal("Patient request", result.One("Provenance").Text("reason.0.coding.0.display"));
        Assert.Contains(result.One("Provenance")["agent"]!.AsArray(), a => a.Text("type.coding.0.code") == "enterer");
    }

    private static string Sch(string start = "20240502090000", string end = "20240502093000", string filler = "", string reason = "") =>
        $"SCH|P1^GH|F1^GH||||{reason}|CHECKUP^^HL70276|Normal^^HL70277|30|min|^^^{start}^{end}||||||||||||||{filler}";

    private static JsonObject Appointment(string trigger, string sch, params string[] more)
    {
        string[] timing = [.. more.Where(s => s.StartsWith("TQ1", StringComparison.Ordinal))];
        return Feed.Translate($"SIU^{trigger}^SIU_S12", [sch, .. timing, Feed.Pid, .. more.Except(timing)]).One("Appointment");
    }
}
