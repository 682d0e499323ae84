using FhirFacade.Fhir.Json;

namespace FhirFacade.Translation.Tests.Messages;

/// <summary>Where translations of v2 usually go wrong, each as a sentence.</summary>
public class TrapTests
{
    private const string Obr = "OBR|1|P1^GH|F1^GH|CBC^Blood count^L|||20240501080000||||||||||||||||||F";

    // Empty and the two quotes.
    [Fact]
    public void An_empty_field_says_nothing_and_the_two_quotes_delete()
    {
        var patient = Feed.Patient("""PID|1||4711^^^GH^MR||Miller^Ann|||""||||||||""|""");
        Assert.True(patient.ContainsKey("gender"));
        Assert.Null(patient["gender"]);
        Assert.True(patient.ContainsKey("maritalStatus"));
        Assert.False(patient.ContainsKey("birthDate"));
        var stored = MergePatch.Apply(Feed.Patient("PID|1||4711^^^GH^MR||Miller^Ann||19700101|F||||||||M"), patient);
        Assert.False(stored.ContainsKey("gender"));
        Assert.False(stored.ContainsKey("maritalStatus"));
        Assert.Equal("1970-01-01", stored.Text("birthDate"));
    }

    [Fact]
    public void A_deleted_field_does_not_delete_what_another_field_of_the_message_says()
    {
        var patient = Feed.Patient("""PID|1||4711^^^GH^MR||Miller^Ann||||||||""|555-1234""");
        Assert.Equal("555-1234", patient.Text("telecom.0.value"));
    }

    [Fact]
    public void Deleting_one_extension_does_not_delete_the_others()
    {
        Assert.False(Feed.Patient("""PID|1||4711^^^GH^MR||Miller^Ann||||||||||||""|""").ContainsKey("extension"));
    }

    [Fact]
    public void A_deleted_discharge_time_deletes_the_end_of_the_visit_alone()
    {
        var visit = Feed.Translate("ADT^A08", Feed.Pid, "PV1|1|I|||||||||||||||||V1^^^GH|||||||||||||||||||||||||20240501|\"\"").One("Encounter");
        Assert.Equal("2024-05-01", visit.Text("period.start"));
        Assert.True(visit["period"]!.AsObject().ContainsKey("end"));
        Assert.Null(visit.At("period.end"));
    }

    // Identity.
    [Fact]
    public void Every_identifier_of_the_patient_is_kept_and_the_medical_record_number_makes_the_id()
    {
        var one = Feed.Patient("PID|1||9^^^SSA^SS~4711^^^GH^MR||Miller^Ann");
        Assert.Equal(2, one["identifier"]!.AsArray().Count);
        Assert.Equal(one.Text("id"), Feed.Patient("PID|1||4711^^^GH^MR||Miller^Ann").Text("id"));
        Assert.NotEqual(one.Text("id"), Feed.Patient("PID|1||4711^^^OTHER^MR||Miller^Ann").Text("id"));
    }

    [Fact]
    public void The_same_number_from_two_facilities_without_an_authority_is_two_patients()
    {
        static string? Id(string facility) =>
            Feed.Raw(FeedProfile.Default, $@"MSH|^~\&|ADT|{facility}|FF|GH|20240501||ADT^A08|42|P|2.5.1", "PID|1||4711||Miller").One("Patient").Text("id");
        Assert.NotEqual(Id("EAST"), Id("WEST"));
        Assert.Equal(Id("EAST"), Id("EAST"));
    }

    [Fact]
    public void Old_messages_identify_the_patient_in_PID_2()
    {
        Assert.Equal(Feed.Patient("PID|1||4711^^^GH").Text("id"), Feed.Patient("PID|1|4711^^^GH").Text("id"));
    }

    [Fact]
    public void A_patient_without_any_identifier_is_this_messages_own_and_reported()
    {
        var one = Feed.Translate("ADT^A08", "PID|1||||Miller^Ann");
        var two = Feed.Translate("ADT^A08", "PID|1||||Miller^Ann", "PD1|");
        Assert.NotEqual(one.One("Patient").Text("id"), two.One("Patient").Text("id"));
        Assert.Contains(one.Issues, i => i is { Code: 101, Location: "PID-3" });
    }

    [Fact]
    public void A_visit_number_without_an_authority_is_believed_within_its_patient_only()
    {
        static string? Id(string patient) => Feed.Translate("ADT^A08", $"PID|1||{patient}^^^GH", "PV1|1|I|||||||||||||||||1").One("Encounter").Text("id");
        Assert.NotEqual(Id("1"), Id("2"));
    }

    // Orders and results.
    [Fact]
    public void Each_request_takes_the_order_before_it_and_no_other()
    {
        var result = Feed.Translate("ORU^R01", Feed.Pid, "ORC|RE|P1^GH|F1^GH", "OBR|1|||A^^L", "OBX|1|ST|X^^L||a||||||F", "ORC|RE|P2^GH|F2^GH", "OBR|2|||B^^L", "OBX|1|ST|X^^L||b||||||F", "OBR|3||F3^GH|C^^L");
        Assert.Equal(["P1 F1", "P2 F2", "F3"], result.All("DiagnosticReport").Select(r => string.Join(' ', r["identifier"]!.AsArray().Select(i => (string?)i!["value"]))));
        Assert.Equal([1, 1, 0], result.All("DiagnosticReport").Select(r => r["result"]?.AsArray().Count ?? 0));
        Assert.All(result.All("DiagnosticReport"), r => Assert.StartsWith("ServiceRequest/", r.Text("basedOn.0.reference"), StringComparison.Ordinal));
    }

    [Fact]
    public void An_order_number_that_stands_in_both_segments_is_one_identifier()
    {
        var result = Feed.Translate("ORU^R01", Feed.Pid, "ORC|RE|P1^GH|F1^GH", "OBR|1|P1|F1^GH|A^^L");
        Assert.Equal(2, result.One("DiagnosticReport")["identifier"]!.AsArray().Count);
        Assert.Empty(result.Unmapped);
    }

    [Fact]
    public void Two_services_under_one_filler_number_are_two_reports()
    {
        var result = Feed.Translate("ORU^R01", Feed.Pid, "OBR|1||F1^GH|CBC^^L", "OBX|1|NM|HB^^L||1||||||F", "OBR|2||F1^GH|BMP^^L", "OBX|1|NM|HB^^L||2||||||F");
        Assert.Equal(2, result.All("DiagnosticReport").Count);
        Assert.Equal(2, result.All("Observation").Count);
    }

    [Fact]
    public void The_same_code_twice_in_a_report_is_two_observations_that_stay_themselves()
    {
        string[] message = [Feed.Pid, Obr, "OBX|1|NM|HB^^L||1||||||F", "OBX|2|NM|HB^^L||2||||||F"];
        var ids = Feed.Translate("ORU^R01", message).All("Observation").Select(o => o.Text("id")).ToList();
        Assert.Equal(2, ids.Distinct().Count());
        Assert.Equal(ids[0], Feed.Translate("ORU^R01", message[..3]).One("Observation").Text("id"));
    }

    [Fact]
    public void A_sub_id_tells_observations_of_one_code_apart()
    {
        static string? Id(string sub) => Feed.Translate("ORU^R01", Feed.Pid, Obr, $"OBX|1|NM|HB^^L|{sub}|1||||||F").One("Observation").Text("id");
        Assert.NotEqual(Id("1"), Id("2"));
    }

    [Fact]
    public void A_filler_number_without_an_authority_is_believed_within_its_patient_only()
    {
        static string? Id(string patient) => Feed.Translate("ORU^R01", $"PID|1||{patient}^^^GH", "OBR|1||1|CBC^^L").One("DiagnosticReport").Text("id");
        Assert.NotEqual(Id("1"), Id("2"));
    }

    [Theory]
    [InlineData("A", "amended")]
    [InlineData("B", "amended")]
    [InlineData("C", "corrected")]
    [InlineData("D", "entered-in-error")]
    [InlineData("F", "final")]
    [InlineData("I", "registered")]
    [InlineData("N", "final")]
    [InlineData("O", "registered")]
    [InlineData("P", "preliminary")]
    [InlineData("R", "preliminary")]
    [InlineData("S", "preliminary")]
    [InlineData("U", "final")]
    [InlineData("V", "final")]
    [InlineData("W", "entered-in-error")]
    [InlineData("X", "cancelled")]
    [InlineData("QQ", "unknown")]
    public void Every_result_status_has_an_observation_status(string sent, string status)
    {
        Assert.Equal(status, Feed.Translate("ORU^R01", Feed.Pid, Obr, $"OBX|1|NM|HB^^L||1||||||{sent}").One("Observation").Text("status"));
    }

    [Theory]
    [InlineData("O", "registered")]
    [InlineData("I", "registered")]
    [InlineData("S", "registered")]
    [InlineData("A", "partial")]
    [InlineData("P", "preliminary")]
    [InlineData("C", "corrected")]
    [InlineData("R", "partial")]
    [InlineData("F", "final")]
    [InlineData("X", "cancelled")]
    [InlineData("M", "preliminary")]
    [InlineData("N", "registered")]
    [InlineData("QQ", "unknown")]
    [InlineData("", "unknown")]
    public void Every_report_status_has_a_FHIR_status(string sent, string status)
    {
        Assert.Equal(status, Feed.Translate("ORU^R01", Feed.Pid, $"OBR|1||F1^GH|CBC^^L|||||||||||||||||||||{sent}").One("DiagnosticReport").Text("status"));
    }

    [Theory]
    [InlineData("Y")]
    [InlineData("Z")]
    public void A_report_for_which_there_is_no_order_or_no_patient_fails_and_says_where(string status)
    {
        var result = Feed.Translate("ORU^R01", Feed.Pid, $"OBR|1||F1^GH|CBC^^L|||||||||||||||||||||{status}");
        Assert.True(result.IsFailure);
        Assert.Equal("OBR-25", Assert.Single(result.Issues).Location);
    }

    [Fact]
    public void A_change_of_status_without_the_value_leaves_the_stored_value()
    {
        var first = Feed.Translate("ORU^R01", Feed.Pid, Obr, "OBX|1|NM|HB^^L||14.1|g/dL|||||P").One("Observation");
        var change = Feed.Translate("ORU^R01", Feed.Pid, Obr, "OBX|1|NM|HB^^L||||||||U").Resources.Single(r => r.Type == "Observation");
        Assert.Equal(TranslationMode.Merge, change.Mode);
        var stored = MergePatch.Apply(first, change.Content);
        Assert.Equal(("final", "14.1"), (stored.Text("status"), stored.At("valueQuantity.value")!.ToJsonString()));
    }

    [Theory]
    [InlineData("X", "unknown")]
    [InlineData("N", "not-asked")]
    public void A_result_that_never_came_says_why(string status, string reason)
    {
        var observation = Feed.Translate("ORU^R01", Feed.Pid, Obr, $"OBX|1|NM|HB^^L||||||||{status}").One("Observation");
        Assert.Equal(reason, observation.Text("dataAbsentReason.coding.0.code"));
    }

    [Fact]
    public void An_observation_without_a_status_has_that_of_its_report()
    {
        Assert.Equal("final", Feed.Translate("ORU^R01", Feed.Pid, Obr, "OBX|1|NM|HB^^L||1").One("Observation").Text("status"));
    }

    [Fact]
    public void An_observation_without_a_time_has_that_of_its_report()
    {
        Assert.Equal("2024-05-01T08:00:00Z", Feed.Translate("ORU^R01", Feed.Pid, Obr, "OBX|1|NM|HB^^L||1||||||F").One("Observation").Text("effectiveDateTime"));
    }

    // Notes.
    [Fact]
    public void A_note_belongs_to_the_segment_before_it()
    {
        var result = Feed.Translate("ORU^R01", Feed.Pid, "NTE|1||about nobody", "ORC|RE|P1^GH|F1^GH", "NTE|1||with the order", Obr, "NTE|1||about the order", "OBX|1|NM|HB^^L||1||||||F", "NTE|1||about the result~and more", "NTE|2||again");
        Assert.Equal(["with the order", "about the order"], Notes(result.One("ServiceRequest")).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal(["about the result\nand more", "again"], Notes(result.One("Observation")));
        Assert.Equal(["NTE-1", "NTE-3"], result.Unmapped);
    }

    // Specimens.
    [Fact]
    public void An_observation_after_a_specimen_is_about_the_specimen_and_no_result()
    {
        var result = Feed.Translate("ORU^R01^ORU_R01", Feed.Pid, Obr, "OBX|1|NM|HB^^L||1||||||F", "SPM|1|S1&GH^S2&GH||BLD", "OBX|1|ST|VOL^Volume^L||5 mL||||||F");
        var ofSpecimen = result.All("Observation").Single(o => o.ContainsKey("focus"));
        var specimen = $"Specimen/{result.One("Specimen").Text("id")}";
        Assert.Equal(specimen, ofSpecimen.Text("focus.0.reference"));
        Assert.Equal([result.All("Observation").Single(o => !o.ContainsKey("focus")).Text("id")], result.One("DiagnosticReport")["result"]!.AsArray().Select(r => ((string)r!["reference"]!).Split('/')[1]));
        Assert.Equal(specimen, result.One("DiagnosticReport").Text("specimen.0.reference"));
    }

    [Fact]
    public void The_specimen_fields_of_a_request_and_its_specimen_segment_are_one_specimen()
    {
        var result = Feed.Translate("ORU^R01", Feed.Pid, "OBR|1||F1^GH|CBC^^L||||||7^Collins^Cora||||20240501090000|BLD", "SPM|1|^S2&GH||BLD^Blood^HL70487");
        var specimen = result.One("Specimen");
        Assert.Equal("2024-05-01T09:00:00Z", specimen.Text("receivedTime"));
        Assert.StartsWith("Practitioner/", specimen.Text("collection.collector.reference"), StringComparison.Ordinal);
        Assert.Empty(result.Unmapped);
    }

    [Fact]
    public void Several_patients_in_one_message_keep_their_own_results()
    {
        var result = Feed.Translate("ORU^R01", "PID|1||1^^^GH", "PV1|1|I|||||||||||||||||V1^^^GH", Obr, "OBX|1|NM|HB^^L||1||||||F", "PID|2||2^^^GH", "OBR|1||F2^GH|CBC^^L", "OBX|1|NM|HB^^L||2||||||F");
        Assert.Equal(2, result.All("Observation").Select(o => o.Text("subject.reference")).Distinct().Count());
        Assert.Equal([true, false], result.All("Observation").Select(o => o.ContainsKey("encounter")));
    }

    // Anything else.
    [Fact]
    public void A_message_of_another_type_is_walked_and_the_rest_reported()
    {
        var result = Feed.Translate("EHC^E01^EHC_E01", Feed.Pid, "AL1|1|DA|PEN^Penicillin^L", "IVC|1^GH|2^GH");
        Assert.Equal("active", result.One("AllergyIntolerance").Text("clinicalStatus.coding.0.code"));
        Assert.Equal(["IVC-1", "IVC-2"], result.Unmapped);
        Assert.False(result.IsFailure);
    }

    [Fact]
    public void A_message_without_a_patient_still_says_that_it_came()
    {
        var result = Feed.Translate("MFN^M02^MFN_M02", "MFI|PRA||UPD|||AL");
        Assert.Equal(["MessageHeader", "Organization", "Provenance"], result.Resources.Select(r => r.Type).Distinct().Order());
    }

    [Fact]
    public void A_message_without_a_type_fails_and_says_where()
    {
        var result = Feed.Raw(FeedProfile.Default, @"MSH|^~\&|LAB|GH|FF|GH|20240501|||42|P|2.5.1", Feed.Pid);
        Assert.True(result.IsFailure);
        Assert.Equal((101, "MSH-9.1"), (Assert.Single(result.Issues).Code, result.Issues[0].Location));
    }

    [Fact]
    public void Every_resource_names_the_message_and_one_provenance_names_every_resource()
    {
        var result = Feed.Translate("ORU^R01", "EVN|R01|20240501113000", Feed.Pid, Obr, "OBX|1|NM|HB^^L||1||||||F");
        Assert.All(result.Resources, r => Assert.Equal("urn:hl7v2:LAB:GH:42", r.Content.Text("meta.source")));
        var provenance = result.One("Provenance");
        Assert.Equal(result.Resources.Where(r => r.Type != "Provenance").Select(r => r.Reference).Order(), provenance["target"]!.AsArray().Select(t => (string?)t!["reference"]).Order());
        Assert.Equal(("2024-05-01T11:30:00Z", "42"), (provenance.Text("recorded"), provenance.Text("entity.0.what.identifier.value")));
    }

    [Fact]
    public void No_clock_is_read_for_a_message_without_a_time()
    {
        var result = Feed.Raw(FeedProfile.Default, @"MSH|^~\&|LAB|GH|FF|GH|||ADT^A08|42|P|2.5.1", Feed.Pid);
        Assert.Equal("unknown", (string?)result.One("Provenance")["_recorded"].Extension("http://hl7.org/fhir/StructureDefinition/data-absent-reason"));
    }

    [Fact]
    public void One_person_in_several_places_of_a_message_is_one_practitioner()
    {
        var result = Feed.Translate("ADT^A01", Feed.Pid, "PV1|1|I|||||7^Dole^Dan^^^Dr^^^GH|7^Dole^Dan^^^Dr^^^GH|||||||||7^Dole^Dan^^^Dr^^^GH||V1^^^GH");
        Assert.Single(result.All("Practitioner"));
        Assert.Equal(["ATND", "REF", "ADM"], result.One("Encounter")["participant"]!.AsArray().Select(p => p.Text("type.0.coding.0.code")));
        Assert.Equal("Dr Dan Dole", result.One("Encounter").Text("participant.0.individual.display"));
    }

    [Fact]
    public void Populated_fields_that_nothing_reads_are_reported_by_segment_and_repetition()
    {
        var result = Feed.Translate("ORU^R01", $"{Feed.Pid}||19700101|F~M", Obr, "OBX|1|NM|HB^^L||1||||||F|x", "OBX|2|NM|HT^^L||1||||||F|x", "ZXX|1|2");
        Assert.Equal(["OBX-12", "OBX(2)-12", "ZXX-1", "ZXX-2", "PID-8(2)"], result.Unmapped);
    }

    [Fact]
    public void Lineage_names_the_field_of_each_element_when_the_feed_asks_for_it()
    {
        var result = Feed.Translate(FeedProfile.Default with { Lineage = true }, "ADT^A08", $"{Feed.Pid}||19700101");
        Assert.Contains(result.Lineage, l => l.Resource.StartsWith("Patient/", StringComparison.Ordinal) && l is { Element: "birthDate", Field: "PID-7" });
        Assert.Empty(Feed.Translate("ADT^A08", Feed.Pid).Lineage);
    }

    private static IEnumerable<string?> Notes(System.Text.Json.Nodes.JsonObject resource) => resource["note"]!.AsArray().Select(n => (string?)n!["text"]);
}
