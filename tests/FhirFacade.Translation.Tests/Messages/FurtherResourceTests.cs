using System.Text.Json.Nodes;

namespace FhirFacade.Translation.Tests.Messages;

/// <summary>Resources that only some messages have something for.</summary>
public class FurtherResourceTests
{
    private const string Pv1 = "PV1|1|I|W1^^^GH|||||||||||||||||V1^^^GH";
    private const string Obr = "OBR|1|P1^GH|F1^LAB|XR^Chest X-ray^L|||20240501";

    [Fact]
    public void A_picture_is_a_Media_that_observation_and_report_lead_to()
    {
        var result = Feed.Translate("ORU^R01^ORU_R01", Feed.Pid, Obr, "OBX|1|ED|PIC^Picture^L||^Image^JPEG^Base64^QUJD||||||F|||20240501101500+0000");
        var media = result.One("Media");
        Assert.Equal(("completed", "image", "image/jpeg", "QUJD", "2024-05-01T10:15:00Z"), (media.Text("status"), media.Text("type.coding.0.code"), media.Text("content.contentType"), media.Text("content.data"), media.Text("createdDateTime")));
        var observation = result.One("Observation");
        Assert.Equal($"Media/{media.Text("id")}", observation.Text("derivedFrom.0.reference"));
        Assert.False(observation.ContainsKey("extension"));
        Assert.Equal($"Media/{media.Text("id")}", result.One("DiagnosticReport").Text("media.0.link.reference"));
        Assert.Equal(result.One("Patient").Text("id"), media.Text("subject.reference")!["Patient/".Length..]);
    }

    [Fact]
    public void Each_of_several_pictures_is_a_Media_and_leaves_no_empty_component()
    {
        var result = Feed.Translate("ORU^R01^ORU_R01", Feed.Pid, Obr, "OBX|1|RP|PIC^Picture^L||http://pacs.example/1^APP^Image^JPEG~http://pacs.example/2^APP^Image^PNG||||||F");
        Assert.Equal(["http://pacs.example/1", "http://pacs.example/2"], result.All("Media").Select(m => m.Text("content.url")));
        Assert.False(result.One("Observation").ContainsKey("component"));
    }

    [Fact]
    public void A_document_in_an_observation_is_no_Media()
    {
        var result = Feed.Translate("ORU^R01^ORU_R01", Feed.Pid, Obr, "OBX|1|ED|DOC^Document^L||^Application^PDF^Base64^QUJD||||||F");
        Assert.Empty(result.All("Media"));
        Assert.NotNull(result.One("Observation").Extension("http://hl7.org/fhir/5.0/StructureDefinition/extension-Observation.valueAttachment"));
    }

    [Theory]
    [InlineData("NW", "fulfill")]
    [InlineData("CA", "abort")]
    [InlineData("HD", "suspend")]
    public void A_control_code_makes_a_Task_where_the_profile_wants_one(string control, string code)
    {
        string[] order = [Feed.Pid, $"ORC|{control}|P1^GH|||||||20240501100000+0000|||D77^Reed^Una^^^^^^GH", "OBR|1|P1^GH||GLU^Glucose^L"];
        Assert.Empty(Feed.Translate("OML^O21^OML_O21", order).All("Task"));
        var result = Feed.Translate(FeedProfile.Default with { TasksOfOrders = true }, "OML^O21^OML_O21", order);
        var task = result.One("Task");
        Assert.Equal(("requested", "order", code, "2024-05-01T10:00:00Z"), (task.Text("status"), task.Text("intent"), task.Text("code.coding.0.code"), task.Text("authoredOn")));
        Assert.Equal($"ServiceRequest/{result.One("ServiceRequest").Text("id")}", task.Text("focus.reference"));
    }

    [Fact]
    public void What_a_filler_reports_is_no_Task() =>
        Assert.Empty(Feed.Translate(FeedProfile.Default with { TasksOfOrders = true }, "ORU^R01^ORU_R01", Feed.Pid, "ORC|RE|P1^GH|F1^LAB", Obr).All("Task"));

    [Fact]
    public void Network_addresses_are_Endpoints_of_sender_and_receiver()
    {
        var endpoints = Feed.Raw(FeedProfile.Default, @"MSH|^~\&|LAB|GH|FF|CLINIC|20240501120000||ADT^A01^ADT_A01|42|P|2.7||||||||||||LABHOST^lab.gh.example^DNS|FFHOST^ff.gh.example^DNS", Feed.Pid).All("Endpoint");
        Assert.Equal(2, endpoints.Count);
        Assert.Equal(["GH", "CLINIC"], endpoints.Select(e => e.Text("managingOrganization.display")));
        Assert.All(endpoints, e => Assert.Equal(("active", "hl7v2-mllp"), (e.Text("status"), e.Text("connectionType.code"))));
        Assert.Empty(Feed.Translate("ADT^A01^ADT_A01", Feed.Pid).All("Endpoint"));
    }

    [Fact]
    public void A_protection_indicator_is_a_Flag_and_N_takes_it_down()
    {
        const string pd1 = "PD1||||||||||||";
        var flag = Feed.Translate("ADT^A08^ADT_A01", Feed.Pid, pd1 + "Y").One("Flag");
        Assert.Equal(("active", "admin"), (flag.Text("status"), flag.Text("category.0.coding.0.code")));
        var off = Feed.Translate("ADT^A08^ADT_A01", Feed.Pid, pd1 + "N").One("Flag");
        Assert.Equal((flag.Text("id"), "inactive"), (off.Text("id"), off.Text("status")));
        var visit = Feed.Translate("ADT^A01^ADT_A01", Feed.Pid, Pv1, "PV2||||||||||||||||||||||Y");
        Assert.Equal($"Encounter/{visit.One("Encounter").Text("id")}", visit.One("Flag").Text("encounter.reference"));
        Assert.DoesNotContain("PV2-22", visit.Unmapped);
        Assert.Empty(Feed.Translate("ADT^A01^ADT_A01", Feed.Pid, Pv1).All("Flag"));
    }

    [Fact]
    public void An_imaging_order_registers_its_ImagingStudy()
    {
        var result = Feed.Translate("OMI^O23^OMI_O23", Feed.Pid, "ORC|NW|P1^GH", "OBR|1|P1^GH||XR^Chest X-ray^L", "IPC|ACC7^RIS|RP1^RIS|1.2.840.99.1|SPS1^RIS|DX^Digital radiography^DCM|PC1^Chest 2 views^L");
        var study = result.One("ImagingStudy");
        Assert.Equal(("registered", "DX"), (study.Text("status"), study.Text("modality.0.code")));
        Assert.Contains((study["identifier"] as JsonArray)!, i => i.Text("system") == "urn:dicom:uid" && i.Text("value") == "urn:oid:1.2.840.99.1");
        Assert.Equal($"ServiceRequest/{result.One("ServiceRequest").Text("id")}", study.Text("basedOn.0.reference"));
    }

    [Fact]
    public void A_panel_about_a_relative_is_a_FamilyMemberHistory()
    {
        string obx(int n, string type, string code, string value) => $"OBX|{n}|{type}|{code}^^LN||{value}||||||F|||20240501";
        string[] panel(params string[] results) => [Feed.Pid, "OBR|1||F1^LAB|54114-4^Family member health information^LN|||20240501", .. results];
        var result = Feed.Translate("ORU^R01^ORU_R01", panel(obx(1, "CWE", "54136-7", "MTH^mother^L"), obx(2, "ST", "54138-3", "Maria"), obx(3, "CWE", "54116-9", "I21^Infarction^I10~E11^Diabetes^I10")));
        var history = result.One("FamilyMemberHistory");
        Assert.Equal(("completed", "MTH", "Maria", "2024-05-01"), (history.Text("status"), history.Text("relationship.coding.0.code"), history.Text("name"), history.Text("date")));
        Assert.Equal(["I21", "E11"], (history["condition"] as JsonArray)!.Select(c => c.Text("code.coding.0.code")));
        Assert.Equal(3, result.All("Observation").Count);
        Assert.Empty(Feed.Translate("ORU^R01^ORU_R01", panel(obx(1, "ST", "54138-3", "Maria"))).All("FamilyMemberHistory"));
    }

    [Fact]
    public void A_resource_that_answers_a_schedule_makes_an_AppointmentResponse()
    {
        string[] schedule(string status) => ["SCH|P1^GH|F1^GH|||||||30|min|^^^20240601100000+0000||||||||||||||Booked", Feed.Pid, "RGS|1", $"AIP|1||D77^Reed^Una^^^^^^GH|||||||||{status}"];
        var result = Feed.Translate("SIU^S12^SIU_S12", schedule("Cancelled"));
        var answer = result.One("AppointmentResponse");
        Assert.Equal(("declined", $"Appointment/{result.One("Appointment").Text("id")}", "Una Reed"), (answer.Text("participantStatus"), answer.Text("appointment.reference"), answer.Text("actor.display")));
        Assert.Empty(Feed.Translate("SIU^S12^SIU_S12", schedule("")).All("AppointmentResponse"));
    }

    [Fact]
    public void The_software_of_a_message_is_a_Device_and_what_passed_it_on_too()
    {
        var result = Feed.Translate("ADT^A01^ADT_A01", "SFT|Vendor^L|1.0|Product|77||20230101", "SFT|Broker^L|3|Bridge|1", Feed.Pid);
        Assert.Equal(["Product", "Bridge"], result.All("Device").Select(d => d.Text("deviceName.0.name")));
        Assert.Equal(["source", "source", "derivation"], (result.One("Provenance")["entity"] as JsonArray)!.Select(e => e.Text("role")));
        Assert.Equal("Product", result.One("MessageHeader").Text("source.software"));
    }

    [Fact]
    public void When_a_record_was_last_updated_is_a_Provenance_of_the_patient()
    {
        var pid = Feed.Pid + new string('|', 28) + "20240301|CLINIC";
        var result = Feed.Translate("ADT^A08^ADT_A01", pid);
        var provenance = Assert.Single(result.All("Provenance"), p => p.ContainsKey("occurredDateTime"));
        Assert.Equal(("2024-03-01", "UPDATE", "CLINIC"), (provenance.Text("occurredDateTime"), provenance.Text("activity.coding.0.code"), provenance.Text("agent.0.who.display")));
        Assert.Equal([$"Patient/{result.One("Patient").Text("id")}"], (provenance["target"] as JsonArray)!.Select(t => t.Text("reference")));
    }

    [Fact]
    public void An_advance_directive_is_an_Observation()
    {
        var directive = Feed.Translate("ADT^A08^ADT_A01", Feed.Pid, "PD1|||||||Y").One("Observation");
        Assert.Equal(("75320-2", "Y"), (directive.Text("code.coding.0.code"), directive.Text("valueCodeableConcept.coding.0.code")));
    }

    [Theory]
    [InlineData("ROL|R1^GH|AD|GRD^Guardian^HL70063|^Miller^Bob||||||||^PRN^PH^^^555^1")]
    [InlineData("PRT|R1^GH|AD||GRD^Guardian^HL70063|^Miller^Bob||||||||||^PRN^PH^^^555^1||||||||H")]
    public void A_relative_in_a_role_is_a_RelatedPerson_of_the_care_team_and_the_same_one_as_the_next_of_kin(string segment)
    {
        var result = Feed.Translate("ADT^A01^ADT_A01", Feed.Pid, segment, "NK1|1|Miller^Bob|GRD^Guardian^HL70063");
        var person = result.One("RelatedPerson");
        Assert.Equal(("Miller", "GRD"), (person.Text("name.0.family"), person.Text("relationship.0.coding.0.code")));
        Assert.Equal($"RelatedPerson/{person.Text("id")}", result.One("CareTeam").Text("participant.0.member.reference"));
        Assert.Empty(result.All("Practitioner"));
    }

    [Theory]
    [InlineData("OP", "ServiceRequest", "requester.reference")]
    [InlineData("PRI", "DiagnosticReport", "resultsInterpreter.0.reference")]
    [InlineData("TN", "DiagnosticReport", "performer.0.reference")]
    public void Participants_of_an_order_stand_where_their_role_says(string role, string type, string element)
    {
        var result = Feed.Translate("ORU^R01^ORU_R01", Feed.Pid, "ORC|RE|P1^GH|F1^LAB", Obr, $"PRT||AD||{role}^Role^HL70443|D77^Reed^Una^^^^^^GH");
        Assert.Equal($"PractitionerRole/{result.One("PractitionerRole").Text("id")}", result.One(type).Text(element));
    }

    [Fact]
    public void Who_reported_an_allergy_is_its_recorder()
    {
        var result = Feed.Translate("ADT^A60^ADT_A60", "EVN|A60|20240501", Feed.Pid, "IAM|1|DA|PEN^Penicillin^L|||A|||||||| Miller^Bob|BRO^Brother^HL70063||I".Replace("| Miller", "|Miller", StringComparison.Ordinal));
        Assert.Equal($"RelatedPerson/{result.One("RelatedPerson").Text("id")}", result.One("AllergyIntolerance").Text("recorder.reference"));
        Assert.Equal("inactive", result.One("AllergyIntolerance").Text("clinicalStatus.coding.0.code"));
    }
}
