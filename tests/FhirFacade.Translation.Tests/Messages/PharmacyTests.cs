namespace FhirFacade.Translation.Tests.Messages;

/// <summary>Pharmacy orders, dispenses and administrations.</summary>
public class PharmacyTests
{
    private const string Orc = "ORC|NW|P1^GH|F1^PH|G1^GH|||||20240501080000|5^Enter^Eve^^^^^^GH||7^Dole^Dan^^^^^^GH";
    private const string Rxo = "RXO|AMX500^Amoxicillin 500 mg^L|1|2|TAB^Tablet^L|CAP^Capsule^HL70292||WF^With food^L||G||30|TAB^Tablet^L|2";

    [Fact]
    public void An_order_of_a_drug_is_a_request_with_dose_route_timing_and_supply()
    {
        var result = Feed.Translate("OMP^O09^OMP_O09", Feed.Pid, Orc, "TQ1|1||BID|||10^D|20240501||||With meals", Rxo, "RXR|PO^Oral^HL70162|MO^Mouth^HL70163", "NTE|1||Shake well");
        var request = result.One("MedicationRequest");
        Assert.Equal(("active", "original-order", "2024-05-01T08:00:00Z"), (request.Text("status"), request.Text("intent"), request.Text("authoredOn")));
        Assert.Equal(["P1", "F1"], request["identifier"]!.AsArray().Select(i => (string?)i!["value"]));
        Assert.Equal("G1", request.Text("groupIdentifier.value"));
        Assert.Equal("Dan Dole", request.Text("requester.display"));
        var dosage = Assert.Single(request["dosageInstruction"]!.AsArray());
        Assert.Equal(("1", "2", "Tablet"), (dosage.At("doseAndRate.0.doseRange.low.value")!.ToJsonString(), dosage.At("doseAndRate.0.doseRange.high.value")!.ToJsonString(), dosage.Text("doseAndRate.0.doseRange.high.unit")));
        Assert.Equal(("PO", "BID", "2", "2024-05-01", "With meals"), (dosage.Text("route.coding.0.code"), dosage.Text("timing.code.coding.0.code"), dosage.At("timing.repeat.frequency")!.ToJsonString(), dosage.Text("timing.repeat.boundsPeriod.start"), dosage.Text("text")));
        Assert.Equal("With food", dosage.Text("additionalInstruction.0.coding.0.display"));
        Assert.Equal(("30", "2", "G"), (request.At("dispenseRequest.quantity.value")!.ToJsonString(), request.At("dispenseRequest.numberOfRepeatsAllowed")!.ToJsonString(), request.Text("substitution.allowedCodeableConcept.coding.0.code")));
        Assert.Equal("Shake well", request.Text("note.0.text"));
        var medication = result.One("Medication");
        Assert.Equal(("AMX500", "CAP"), (medication.Text("code.coding.0.code"), medication.Text("form.coding.0.code")));
        Assert.Equal($"Medication/{medication.Text("id")}", request.Text("medicationReference.reference"));
    }

    [Fact]
    public void A_drug_that_is_no_more_than_a_code_needs_no_resource_of_its_own()
    {
        var result = Feed.Translate("RDE^O11^RDE_O11", Feed.Pid, "ORC|NW|P1^GH", "RXE||AMX500^Amoxicillin^L|1||TAB");
        Assert.Empty(result.All("Medication"));
        Assert.Equal(("AMX500", "order"), (result.One("MedicationRequest").Text("medicationCodeableConcept.coding.0.code"), result.One("MedicationRequest").Text("intent")));
        Assert.Equal("1", result.One("MedicationRequest").At("dosageInstruction.0.doseAndRate.0.doseQuantity.value")!.ToJsonString());
        Assert.Empty(result.Unmapped);
    }

    [Fact]
    public void The_encoded_order_is_based_on_the_original()
    {
        var result = Feed.Translate("RDE^O11^RDE_O11", Feed.Pid, Orc, Rxo, "RXE||AMX250^Amoxicillin 250 mg^L|2||TAB");
        var requests = result.All("MedicationRequest");
        Assert.Equal(["original-order", "filler-order"], requests.Select(r => r.Text("intent")));
        Assert.Equal($"MedicationRequest/{requests[0].Text("id")}", requests[1].Text("basedOn.0.reference"));
        Assert.Equal(requests[0].Text("id"), Feed.Translate("OMP^O09^OMP_O09", Feed.Pid, Orc, Rxo).One("MedicationRequest").Text("id"));
    }

    [Fact]
    public void Components_are_the_ingredients_of_a_mixture()
    {
        var medication = Feed.Translate("RDE^O11^RDE_O11", Feed.Pid, Orc, "RXE||TPN^Nutrition^L|1||L", "RXC|B|D5W^Dextrose 5%^L|1000|mL^Millilitre^ISO", "RXC|A|KCL^Potassium^L|20|meq|2|meq||1|mL").One("Medication");
        Assert.Equal([false, true], medication["ingredient"]!.AsArray().Select(i => (bool)i!["isActive"]!));
        Assert.Equal(["D5W", "KCL"], medication["ingredient"]!.AsArray().Select(i => i.Text("itemCodeableConcept.coding.0.code")));
        Assert.Equal(("1000", "1"), (medication.At("ingredient.0.strength.numerator.value")!.ToJsonString(), medication.At("ingredient.0.strength.denominator.value")!.ToJsonString()));
        Assert.Equal(("2", "mL"), (medication.At("ingredient.1.strength.numerator.value")!.ToJsonString(), medication.Text("ingredient.1.strength.denominator.unit")));
    }

    [Fact]
    public void A_dispense_names_the_prescription_the_lot_and_who_gave_it_out()
    {
        var result = Feed.Translate("RDS^O13^RDS_O13", Feed.Pid, Orc, "RXE||AMX500^Amoxicillin^L|1||TAB", "RXD|1|AMX500^Amoxicillin^L|20240502|30|TAB||RX77||Take all|9^Phar^Mac^^^^^^GH|G|||||||LOT1|20250101|ACME^Acme Pharma^L");
        var dispense = result.One("MedicationDispense");
        Assert.Equal(("completed", "2024-05-02", "30", "Take all"), (dispense.Text("status"), dispense.Text("whenHandedOver"), dispense.At("quantity.value")!.ToJsonString(), dispense.Text("note.0.text")));
        Assert.Equal(["P1", "F1", "G1", "RX77"], dispense["identifier"]!.AsArray().Select(i => (string?)i!["value"]));
        Assert.Equal($"MedicationRequest/{result.One("MedicationRequest").Text("id")}", dispense.Text("authorizingPrescription.0.reference"));
        Assert.True((bool)dispense.At("substitution.wasSubstituted")!);
        Assert.Equal(("LOT1", "Acme Pharma"), (result.One("Medication").Text("batch.lotNumber"), result.One("Medication").Text("manufacturer.display")));
    }

    [Theory]
    [InlineData("CP", "A", "completed")]
    [InlineData("RE", "A", "not-done")]
    [InlineData("NA", "", "not-done")]
    [InlineData("PA", "", "completed")]
    [InlineData("", "", "completed")]
    [InlineData("CP", "D", "entered-in-error")]
    public void An_administration_says_whether_it_was_done(string completion, string action, string status)
    {
        var result = Feed.Translate("RAS^O17^RAS_O17", Feed.Pid, Orc, $"RXA|0|1|20240501083000||AMX500^Amoxicillin^L|500|mg|||||||||||PATREF^Refused^L||{completion}|{action}", "RXR|PO^Oral^HL70162");
        var given = result.One("MedicationAdministration");
        Assert.Equal((status, "2024-05-01T08:30:00Z", "500", "PO"), (given.Text("status"), given.Text("effectiveDateTime"), given.At("dosage.dose.value")!.ToJsonString(), given.Text("dosage.route.coding.0.code")));
        Assert.Equal("OP", given.Text("performer.0.function.coding.0.code"));
    }

    [Fact]
    public void A_dose_to_be_given_is_a_request_of_its_own_below_the_order()
    {
        var result = Feed.Translate("RGV^O15^RGV_O15", Feed.Pid, Orc, "RXE||AMX500^Amoxicillin^L|1||TAB", "RXG|1||^^^20240501120000|AMX500^Amoxicillin^L|1||TAB");
        var give = result.All("MedicationRequest").Single(r => r.Text("intent") == "instance-order");
        Assert.Equal("2024-05-01T12:00:00Z", give.Text("dosageInstruction.0.timing.repeat.boundsPeriod.start"));
        Assert.StartsWith("MedicationRequest/", give.Text("basedOn.0.reference"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_old_order_message_may_carry_a_drug()
    {
        var result = Feed.Translate("ORM^O01^ORM_O01", Feed.Pid, "ORC|NW|P1^GH|||||1^TID^D7^20240501", "RXO|AMX500^Amoxicillin^L|1||TAB", "OBX|1|NM|29463-7^Weight^LN||80|kg|||||F");
        var request = result.One("MedicationRequest");
        Assert.Equal(("3", "2024-05-01"), (request.At("dosageInstruction.0.timing.repeat.frequency")!.ToJsonString(), request.Text("dosageInstruction.0.timing.repeat.boundsPeriod.start")));
        Assert.Equal($"Observation/{result.One("Observation").Text("id")}", request.Text("supportingInformation.0.reference"));
        Assert.Equal("vital-signs", result.One("Observation").Text("category.0.coding.0.code"));
        Assert.Empty(result.All("ServiceRequest"));
    }

    [Theory]
    [InlineData("CA", "", "cancelled")]
    [InlineData("DC", "", "stopped")]
    [InlineData("HD", "", "on-hold")]
    [InlineData("NW", "CM", "completed")]
    [InlineData("QQ", "", "unknown")]
    public void Order_control_and_order_status_are_the_status_of_the_request(string control, string sent, string status)
    {
        Assert.Equal(status, Feed.Translate("RDE^O11^RDE_O11", Feed.Pid, $"ORC|{control}|P1^GH|||{sent}", "RXE||X^Y^L").One("MedicationRequest").Text("status"));
    }

    [Fact]
    public void A_cancellation_may_be_nothing_but_its_ORC()
    {
        var result = Feed.Translate("RDE^O11^RDE_O11", Feed.Pid, "ORC|CA|P1^GH");
        var request = result.Resources.Single(r => r.Type == "MedicationRequest");
        Assert.Equal("cancelled", request.Content.Text("status"));
        Assert.Contains("medicationCodeableConcept", request.Presumed);
        Assert.Equal(Feed.Translate("RDE^O11^RDE_O11", Feed.Pid, "ORC|NW|P1^GH", "RXE||X^Y^L").One("MedicationRequest").Text("id"), request.Id);
    }

    [Fact]
    public void Each_order_has_its_own_drug()
    {
        var result = Feed.Translate("OMP^O09^OMP_O09", Feed.Pid, "ORC|NW|P1^GH", "RXO|A^A^L", "ORC|NW|P2^GH", "RXO|B^B^L");
        Assert.Equal(["P1 A", "P2 B"], result.All("MedicationRequest").Select(r => $"{r.Text("identifier.0.value")} {r.Text("medicationCodeableConcept.coding.0.code")}"));
    }

    [Theory]
    [InlineData("Q6H", 1, "6", "h")]
    [InlineData("Q2D", 1, "2", "d")]
    [InlineData("QID", 4, "1", "d")]
    [InlineData("6ID", 6, "1", "d")]
    public void A_repeat_pattern_is_kept_as_code_and_said_in_numbers(string pattern, int frequency, string period, string unit)
    {
        var timing = Feed.Translate("OMP^O09^OMP_O09", Feed.Pid, "ORC|NW|P1^GH", $"TQ1|1||{pattern}", "RXO|A^A^L").One("MedicationRequest").At("dosageInstruction.0.timing");
        Assert.Equal(pattern, timing.Text("code.text"));
        Assert.Equal((frequency, period, unit), ((int)timing.At("repeat.frequency")!, timing.At("repeat.period")!.ToJsonString(), timing.Text("repeat.periodUnit")));
    }

    [Fact]
    public void A_clinical_study_supports_the_order()
    {
        var result = Feed.Translate("RDE^O11^RDE_O11", Feed.Pid, "ORC|NW|P1^GH", "RXE||X^Y^L", "CTI|ST1^GH|2^Phase two^L");
        Assert.Equal($"ResearchStudy/{result.One("ResearchStudy").Text("id")}", result.One("MedicationRequest").Text("supportingInformation.0.reference"));
    }
}
