namespace FhirFacade.Translation.Tests.Segments;

/// <summary>Segments beside PID, PV1 and OBX: what becomes of a well-filled one.</summary>
public class SegmentTests
{
    [Fact]
    public void NK1_is_a_related_person_and_a_contact_of_the_patient()
    {
        var result = Feed.Translate("ADT^A01", Feed.Pid, "NK1|1|Miller^Bob|SPO^Spouse^HL70063|1 High St^^York|555-1|555-2|C^Emergency Contact^HL70131||||||B1^^^GH||M|19680101");
        var person = result.One("RelatedPerson");
        Assert.Equal(("Miller", "male", "1968-01-01", "SPS", "C"), (person.Text("name.0.family"), person.Text("gender"), person.Text("birthDate"), person.Text("relationship.0.coding.0.code"), person.Text("relationship.1.coding.0.code")));
        Assert.Equal(["home", "work"], person["telecom"]!.AsArray().Select(t => (string?)t!["use"]));
        var patient = result.One("Patient");
        Assert.Equal($"Patient/{patient.Text("id")}", person.Text("patient.reference"));
        Assert.Equal(("Miller", "York"), (patient.Text("contact.0.name.family"), patient.Text("contact.0.address.city")));
        Assert.Empty(result.Unmapped);
    }

    [Fact]
    public void An_employer_is_a_contact_and_no_person()
    {
        var result = Feed.Translate("ADT^A01", Feed.Pid, "NK1|1||EMR^Employer^HL70063||||||||||ACME");
        Assert.Empty(result.All("RelatedPerson"));
        Assert.Equal("ACME", result.One("Patient").Text("contact.0.organization.display"));
    }

    [Fact]
    public void A_second_name_of_a_contact_does_not_make_a_second_contact()
    {
        var result = Feed.Translate("ADT^A01", Feed.Pid, "NK1|1|Miller^Bob~Mueller^Robert|SPO|^^York");
        Assert.Single(result.One("Patient")["contact"]!.AsArray());
        Assert.Equal(2, result.One("RelatedPerson")["name"]!.AsArray().Count);
        Assert.Empty(result.Unmapped);
    }

    [Fact]
    public void A_contact_of_whom_only_an_address_is_known_is_not_lost()
    {
        var result = Feed.Translate("ADT^A01", Feed.Pid, "NK1|1|||||||||||||||||||||||||||||||1 High St^^York", "NK1|2");
        Assert.Equal("York", result.One("RelatedPerson").Text("address.0.city"));
    }

    [Fact]
    public void A_census_tract_belongs_to_the_line_of_the_address()
    {
        var address = Feed.Patient($"{Feed.Pid}||||||1 High St^Flat 2^York^^^^^^^6059")["address"]![0];
        Assert.Equal("6059", (string?)address.At("_line.0").Extension("http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-censusTract"));
        Assert.Equal("6059", Feed.Patient($"{Feed.Pid}||||||^^York^^^^^^^6059").Text("address.0.text"));
    }

    [Fact]
    public void A_visit_that_ends_before_it_begins_has_no_end()
    {
        var result = Feed.Translate("ADT^A01", Feed.Pid, $"PV1|1|I|||||||||||||||||V1^^^GH{new string('|', 25)}20240501080000|20000101080000");
        Assert.Equal("""{"start":"2024-05-01T08:00:00Z"}""", result.One("Encounter")["period"]!.ToJsonString());
        Assert.Contains(result.Issues, i => i.Location == "PV1-45");
    }

    [Fact]
    public void An_observation_that_ends_before_it_begins_has_no_end()
    {
        var result = Feed.Translate("ORU^R01^ORU_R01", Feed.Pid, "OBR|1||F1^GH|CBC^^L|||20240501|20230501|||||||||||||||||F");
        Assert.Equal("""{"start":"2024-05-01"}""", result.One("DiagnosticReport")["effectivePeriod"]!.ToJsonString());
        Assert.Contains(result.Issues, i => i.Location.EndsWith("-8", StringComparison.Ordinal));
    }

    [Fact]
    public void An_order_that_repeats_until_before_it_is_wanted_has_no_end()
    {
        var result = Feed.Translate("ORU^R01^ORU_R01", Feed.Pid, $"OBR|1|P1^GH|F1^GH|CBC^^L||20240501|{new string('|', 18)}F||^BID^^^20230501");
        Assert.Equal("""{"start":"2024-05-01"}""", result.One("ServiceRequest").At("occurrenceTiming.repeat.boundsPeriod")!.ToJsonString());
        Assert.Contains(result.Issues, i => i.Location.StartsWith("OBR", StringComparison.Ordinal));
    }

    [Fact]
    public void A_participating_device_is_the_device_of_its_observation()
    {
        var result = Feed.Translate("ORU^R01^ORU_R01", Feed.Pid, "OBR|1||F1^GH|CBC^^L", "OBX|1|NM|HB^^L||1||||||F", "PRT|1|AD||EQUIP||||||D9^GH|||||||20200101|20300101|LOT1|SER1||PUMP^Pump^L");
        var device = result.One("Device");
        Assert.Equal(("D9", "LOT1", "SER1", "2020-01-01", "PUMP"), (device.Text("identifier.0.value"), device.Text("lotNumber"), device.Text("serialNumber"), device.Text("manufactureDate"), device.Text("type.coding.0.code")));
        Assert.Equal($"Device/{device.Text("id")}", result.One("Observation").Text("device.reference"));
    }

    [Fact]
    public void An_episode_of_care_is_known_by_its_number()
    {
        var result = Feed.Translate("ADT^A01", Feed.Pid, $"PV1|1|I|||||||||||||||||V1^^^GH{new string('|', 34)}Knee|E7^^^GH");
        Assert.Equal(("E7", "active"), (result.One("EpisodeOfCare").Text("identifier.0.value"), result.One("EpisodeOfCare").Text("status")));
        Assert.Equal($"EpisodeOfCare/{result.One("EpisodeOfCare").Text("id")}", result.One("Encounter").Text("episodeOfCare.0.reference"));
    }

    [Fact]
    public void AL1_is_an_allergy_and_the_severity_is_the_reactions()
    {
        var allergy = Feed.Translate("ADT^A01", Feed.Pid, "AL1|1|DA^Drug^HL70127|PEN^Penicillin^L|SV|Hives~Fever|20200101").One("AllergyIntolerance");
        Assert.Equal(("medication", "allergy", "PEN", "2020-01-01"), (allergy.Text("category.0"), allergy.Text("type"), allergy.Text("code.coding.0.code"), allergy.Text("onsetDateTime")));
        Assert.Equal("severe", allergy.Text("reaction.0.severity"));
        Assert.Equal(["Hives", "Fever"], allergy["reaction"]![0]!["manifestation"]!.AsArray().Select(m => (string?)m!["text"]));
    }

    [Fact]
    public void Without_a_reaction_the_severity_is_the_criticality()
    {
        var allergy = Feed.Translate("ADT^A01", Feed.Pid, "AL1|1|DA|PEN^Penicillin^L|SV").One("AllergyIntolerance");
        Assert.Equal("high", allergy.Text("criticality"));
        Assert.False(allergy.ContainsKey("reaction"));
    }

    [Fact]
    public void A_deleted_allergy_was_entered_in_error()
    {
        var allergy = Feed.Translate("ADT^A60", Feed.Pid, "IAM|1|DA|PEN^Penicillin^L|||D|77^GH").One("AllergyIntolerance");
        Assert.Equal("entered-in-error", allergy.Text("verificationStatus.coding.0.code"));
        Assert.Null(allergy["clinicalStatus"]);
    }

    [Fact]
    public void DG1_is_a_condition_and_a_diagnosis_of_the_visit()
    {
        var result = Feed.Translate("ADT^A01", Feed.Pid, "PV1|1|I|||||||||||||||||V1^^^GH", "DG1|1||I10^Hypertension^I10C||20240501|A|||||||||1|7^Dole^Dan");
        var condition = result.One("Condition");
        Assert.Equal(("http://hl7.org/fhir/sid/icd-10-cm", "I10", "2024-05-01"), (condition.Text("code.coding.0.system"), condition.Text("code.coding.0.code"), condition.Text("onsetDateTime")));
        var diagnosis = result.One("Encounter").At("diagnosis.0");
        Assert.Equal(($"Condition/{condition.Text("id")}", "AD", "1"), (diagnosis.Text("condition.reference"), diagnosis.Text("use.coding.0.code"), diagnosis.At("rank")!.ToJsonString()));
        Assert.Empty(result.Unmapped);
    }

    [Fact]
    public void A_deleted_diagnosis_was_entered_in_error()
    {
        var condition = Feed.Translate("ADT^A08", Feed.Pid, "DG1|1||I10^Hypertension^I10C|||||||||||||||||77^GH|D").One("Condition");
        Assert.Equal("entered-in-error", condition.Text("verificationStatus.coding.0.code"));
    }

    [Fact]
    public void IN1_is_a_coverage_with_its_payor_and_its_subscriber()
    {
        var result = Feed.Translate(
            "ADT^A01",
            Feed.Pid,
            "IN1|1|PPO^Plan^L|INS1^^^NAIC|Great Insurance|1 Wall St^^NYC||555-9|GRP7|Group|||20240101|20241231||HMO|Miller^Bob|SPO|19680101|1 High St^^York|||2||||||||||||||POL123");
        var coverage = result.One("Coverage");
        Assert.Equal(("active", "Great Insurance", "POL123", "GRP7", "Group", "2024-01-01"), (coverage.Text("status"), coverage.Text("payor.0.display"), coverage.Text("subscriberId"), coverage.Text("class.0.value"), coverage.Text("class.0.name"), coverage.Text("period.start")));
        var subscriber = result.One("RelatedPerson");
        Assert.Equal(($"RelatedPerson/{subscriber.Text("id")}", "1968-01-01", "York"), (coverage.Text("subscriber.reference"), subscriber.Text("birthDate"), subscriber.Text("address.0.city")));
        Assert.Equal("NYC", result.All("Organization").Single(o => o.Text("name") == "Great Insurance").Text("address.0.city"));
    }

    [Fact]
    public void A_patient_insured_on_their_own_account_is_the_subscriber()
    {
        var result = Feed.Translate("ADT^A01", Feed.Pid, "IN1|1|PPO|INS1|||||||||||||Miller^Ann|SEL");
        Assert.Equal($"Patient/{result.One("Patient").Text("id")}", result.One("Coverage").Text("subscriber.reference"));
    }

    [Fact]
    public void PL_is_a_chain_of_places()
    {
        var result = Feed.Translate("ADT^A01", Feed.Pid, "PV1|1|I|W1^R2^B3^HOSP&1.2.3&ISO^^^BLD^FL");
        var places = result.Resources.Where(r => r.Type == "Location").ToDictionary(r => r.Reference, r => r.Content);
        var chain = new List<string?>();
        for (var at = result.One("Encounter").Text("location.0.location.reference"); at is not null; at = places[at].Text("partOf.reference"))
        {
            chain.Add($"{places[at].Text("physicalType.coding.0.code")}:{places[at].Text("name")}");
        }

        Assert.Equal(["bd:B3", "ro:R2", "wa:W1", "lvl:FL", "bu:BLD", "si:HOSP"], chain);
    }

    [Fact]
    public void A_bed_of_the_same_name_in_another_room_is_another_place()
    {
        static string? Bed(string pl) => Feed.Translate("ADT^A01", Feed.Pid, $"PV1|1|I|{pl}").One("Encounter").Text("location.0.location.reference");
        Assert.NotEqual(Bed("W1^R1^B1"), Bed("W1^R2^B1"));
        Assert.Equal(Bed("W1^R1^B1"), Bed("W1^R1^B1"));
    }

    [Fact]
    public void The_ordering_facility_makes_the_requester_a_role_there()
    {
        var result = Feed.Translate("ORM^O01^ORM_O01", Feed.Pid, "ORC|NW|P1^GH|||||||20240501||||7^Dole^Dan^^^^^^GH|||||||||Clinic^^^^^GH^XX^^^C1|1 Low St^^York|555-7".Replace("||||7^", "|||7^", StringComparison.Ordinal), "OBR|1|P1^GH||CBC^^L");
        var role = result.One("PractitionerRole");
        Assert.Equal($"PractitionerRole/{role.Text("id")}", result.One("ServiceRequest").Text("requester.reference"));
        Assert.Equal("Clinic", role.Text("organization.display"));
        Assert.Empty(result.All("DiagnosticReport"));
    }

    [Fact]
    public void A_laboratory_and_its_director_perform_the_observation()
    {
        var result = Feed.Translate("ORU^R01", Feed.Pid, "OBR|1||F1^GH|CBC^^L", "OBX|1|NM|HB^^L||1||||||F||||||||||||Central Lab^^^^^CLIA^XX^^^05D|1 Lab St^^York|9^Head^Hedy");
        var performer = Assert.Single(result.One("Observation")["performer"]!.AsArray()).Text("reference");
        var role = result.One("PractitionerRole");
        Assert.Equal($"PractitionerRole/{role.Text("id")}", performer);
        Assert.Equal(("MDIR", "Central Lab"), (role.Text("code.0.coding.0.code"), role.Text("organization.display")));
        Assert.Empty(result.Unmapped);
    }

    [Fact]
    public void SPM_is_a_specimen()
    {
        var specimen = Feed.Translate("ORU^R01", Feed.Pid, "OBR|1||F1^GH|CBC^^L", "SPM|1|P9&GH^F9&GH||BLD^Blood^HL70487||||LA^Left arm^L||||5^mL&&UCUM|||||20240501080000^20240501081000|20240501090000||Y").One("Specimen");
        Assert.Equal(["P9", "F9"], specimen["identifier"]!.AsArray().Select(i => (string?)i!["value"]));
        Assert.Equal(("BLD", "LA", "mL", "2024-05-01T08:00:00Z", "available"), (specimen.Text("type.coding.0.code"), specimen.Text("collection.bodySite.coding.0.code"), specimen.Text("collection.quantity.code"), specimen.Text("collection.collectedPeriod.start"), specimen.Text("status")));
    }

    [Fact]
    public void The_diagnostic_service_is_the_category_of_report_and_results()
    {
        var result = Feed.Translate("ORU^R01", Feed.Pid, "OBR|1||F1^GH|CBC^^L||||||||||||||||||||HM", "OBX|1|NM|HB^^L||1||||||F");
        Assert.Equal("HM", result.One("DiagnosticReport").Text("category.0.coding.0.code"));
        Assert.Equal("laboratory", result.One("Observation").Text("category.0.coding.0.code"));
    }

    [Fact]
    public void MSH_is_a_message_header_with_both_ends()
    {
        var header = Feed.Raw(FeedProfile.Default, @"MSH|^~\&|ADT&App^1.2.3^ISO|GH|FF^2.4^ISO|EAST|20240501||ADT^A08|42|T|2.5.1", "SFT|Vendor|1.0|Engine|B7", Feed.Pid).One("MessageHeader");
        Assert.Equal(("A08", "urn:oid:1.2.3", "1.0", "Engine"), (header.Text("eventCoding.code"), header.Text("source.endpoint"), header.Text("source.version"), header.Text("source.software")));
        Assert.Equal(("FF", "EAST", "GH"), (header.Text("destination.0.name"), header.Text("destination.0.receiver.display"), header.Text("sender.display")));
        Assert.StartsWith("Patient/", header.Text("focus.0.reference"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_acknowledgement_is_a_response()
    {
        var header = Feed.Translate("ACK^A01^ACK", "MSA|AA|MSG7").One("MessageHeader");
        Assert.Equal(("ok", "MSG7"), (header.Text("response.code"), header.Text("response.identifier")));
    }

    [Fact]
    public void A_relationship_alone_is_no_contact()
    {
        Assert.False(Feed.Translate("ADT^A01", Feed.Pid, "NK1|1||SPO").One("Patient").ContainsKey("contact"));
    }

    [Fact]
    public void An_organisation_is_at_home_nowhere()
    {
        var result = Feed.Translate("ADT^A01", Feed.Pid, "IN1|1|PPO|INS1|Great Insurance|1 Wall St^^NYC^^^^H||555-9^PRN^PH");
        var payor = result.All("Organization").Single(o => o.Text("name") == "Great Insurance");
        Assert.Equal(("NYC", null, "555-9", null), (payor.Text("address.0.city"), payor.Text("address.0.use"), payor.Text("telecom.0.value"), payor.Text("telecom.0.use")));
    }

    [Fact]
    public void An_observation_below_an_order_without_request_is_told_apart_by_that_order()
    {
        static IEnumerable<string?> Ids(string order) => Feed.Translate("VXU^V04", Feed.Pid, $"ORC|RE||{order}^GH", "RXA|0|1|20240501", "OBX|1|CE|X^Something^L|1|V02||||||F|||20240501").All("Observation").Select(o => o.Text("id"));
        Assert.NotEqual(Ids("1"), Ids("2"));
        Assert.Equal(Ids("1"), Ids("1"));
    }
}
