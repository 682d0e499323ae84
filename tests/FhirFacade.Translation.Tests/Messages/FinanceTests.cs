using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;

namespace FhirFacade.Translation.Tests.Messages;

/// <summary>BAR, DFT and the billing segments of ADT: accounts, charges, guarantors, insurance in detail, procedures.</summary>
public class FinanceTests
{
    private const string Pid = "PID|1||4711^^^GH^MR||Miller^Ann|||||||||||||AC1^^^GH";
    private const string Pv1 = "PV1|1|I|W1^^^GH|||||||||||||||||V1^^^GH";

    [Fact]
    public void The_account_has_its_patient_visits_coverages_and_guarantors()
    {
        var result = Feed.Translate(
            "BAR^P01^BAR_P01",
            "EVN|P01|20240501",
            Pid,
            Pv1,
            "GT1|1|G1^^^GH|Miller^Otto|||5551234||19601224|M||FTH^Father^HL70063|123456789|20240101",
            "IN1|1|PLAN^Plan|INS1^^^GH|Insurer||||||||20240101||||Miller^Otto|FTH^Father^HL70063|19601224||||2");
        var account = result.One("Account");
        Assert.Equal(("AC1", "active"), (account.Text("identifier.0.value"), account.Text("status")));
        Assert.Equal($"Patient/{result.One("Patient").Text("id")}", account.Text("subject.0.reference"));
        Assert.Equal($"Account/{account.Text("id")}", result.One("Encounter").Text("account.0.reference"));
        Assert.Equal($"Coverage/{result.One("Coverage").Text("id")}", account.Text("coverage.0.coverage.reference"));
        Assert.Equal(2, (int)account.At("coverage.0.priority")!);
        var guarantor = Assert.Single(result.All("RelatedPerson"), p => p["relationship"]?.ToJsonString().Contains("GUAR", StringComparison.Ordinal) == true);
        Assert.Equal(($"RelatedPerson/{guarantor.Text("id")}", "2024-01-01"), (account.Text("guarantor.0.party.reference"), account.Text("guarantor.0.period.start")));
        Assert.Equal(("male", "1960-12-24"), (guarantor.Text("gender"), guarantor.Text("birthDate")));
    }

    [Theory]
    [InlineData("P01", "active")]
    [InlineData("P05", "active")]
    [InlineData("P02", "inactive")]
    [InlineData("P06", "inactive")]
    public void Purging_or_ending_an_account_makes_it_inactive(string trigger, string status) =>
        Assert.Equal(status, Feed.Translate($"BAR^{trigger}", $"EVN|{trigger}|20240501", Pid).One("Account").Text("status"));

    [Fact]
    public void Patients_who_pay_for_themselves_are_their_own_guarantors_and_a_company_is_an_organization()
    {
        var self = Feed.Translate("BAR^P01^BAR_P01", "EVN|P01|20240501", Pid, "GT1|1||Miller^Ann||||||||SEL^Self^HL70063");
        Assert.StartsWith("Patient/", self.One("Account").Text("guarantor.0.party.reference"));
        Assert.Empty(self.All("RelatedPerson"));
        var company = Feed.Translate("BAR^P01^BAR_P01", "EVN|P01|20240501", Pid, "GT1|1||||Mill Lane 1||||||||||||||||Grain Ltd");
        Assert.Contains(company.All("Organization"), o => o.Text("name") == "Grain Ltd");
        Assert.StartsWith("Organization/", company.One("Account").Text("guarantor.0.party.reference"));
    }

    [Fact]
    public void A_merged_account_is_part_of_the_one_that_stays()
    {
        var result = Feed.Translate("ADT^A41^ADT_A39", "EVN|A41|20240501", Pid, "MRG|4711^^^GH^MR||AC0^^^GH");
        var old = Assert.Single(result.All("Account"), a => a.Text("identifier.0.value") == "AC0");
        var stays = Assert.Single(result.All("Account"), a => a.Text("identifier.0.value") == "AC1");
        Assert.Equal(("inactive", $"Account/{stays.Text("id")}"), (old.Text("status"), old.Text("partOf.reference")));
    }

    [Fact]
    public void Results_do_not_open_accounts() =>
        Assert.Empty(Feed.Translate("ORU^R01^ORU_R01", Pid, "OBR|1||F1^LAB|4548-4^HbA1c^LN").All("Account"));

    [Fact]
    public void A_charge_is_coded_priced_dated_and_on_its_account()
    {
        var result = Feed.Translate(
            "DFT^P03^DFT_P03",
            "EVN|P03|20240501",
            Pid,
            Pv1,
            "FT1|1|TX1||20240501^20240503|20240504|CG|ROOM^Private room^L|||3|450&EUR||WARD^Ward 1^L||||||E11^Diabetes^I10|D77^Reed^Una^^^Dr^^^GH|D78^Moss^Ian^^^Dr^^^GH||FI1^LAB|C5^Clerk^Cy|99221^Hospital care^C4",
            "NTE|1||Window side",
            "PR1|1||99221^Hospital care^C4||20240501||||||||||||||PR1^GH");
        var charge = result.One("ChargeItem");
        Assert.Equal(["ROOM", "99221"], charge.At("code.coding")!.AsArray().Select(c => c.Text("code")));
        Assert.Equal(("billable", "EUR", "2024-05-01", "2024-05-03"), (charge.Text("status"), charge.Text("priceOverride.currency"), charge.Text("occurrencePeriod.start"), charge.Text("occurrencePeriod.end")));
        Assert.Equal((450m, 3m), ((decimal)charge.At("priceOverride.value")!, (decimal)charge.At("quantity.value")!));
        Assert.Equal(["Dr Una Reed", "Dr Ian Moss"], charge["performer"]!.AsArray().Select(p => p.Text("actor.display")));
        Assert.Equal($"Account/{result.One("Account").Text("id")}", charge.Text("account.0.reference"));
        Assert.Equal($"Procedure/{result.One("Procedure").Text("id")}", charge.Text("service.0.reference"));
        Assert.Equal(("Window side", "FI1", "E11"), (charge.Text("note.0.text"), charge.Text("supportingInformation.0.identifier.value"), charge.Text("reason.0.coding.0.code")));
    }

    [Fact]
    public void A_credit_is_not_to_be_billed_and_a_payment_is_no_charge()
    {
        var credit = Feed.Translate("DFT^P03^DFT_P03", "EVN|P03|20240501", Pid, "FT1|1|TX2||20240501||CD|ROOM^Private room^L").One("ChargeItem");
        Assert.Equal(("not-billable", "CD"), (credit.Text("status"), credit.Text("_status.extension.0.valueCodeableConcept.coding.0.code")));
        var payment = Feed.Translate("DFT^P03^DFT_P03", "EVN|P03|20240501", Pid, "FT1|1|TX3||20240501||PY|CASH^Cash^L");
        Assert.Empty(payment.All("ChargeItem"));
        Assert.Contains("FT1-7", payment.Unmapped);
    }

    [Fact]
    public void A_charge_without_a_code_says_that_it_is_unknown() =>
        Assert.Equal("unknown", Feed.Translate("DFT^P03^DFT_P03", "EVN|P03|20240501", Pid, "FT1|1|TX4||20240501||CG").One("ChargeItem").Text("code.extension.0.valueCode"));

    [Fact]
    public void Insurance_in_detail_goes_to_coverage_subscriber_and_care_team()
    {
        var result = Feed.Translate(
            "ADT^A01^ADT_A01",
            "EVN|A01|20240501",
            Pid,
            Pv1,
            "IN1|1|PLAN^Plan|INS1^^^GH|Insurer||||||||||||Miller^Otto|FTH^Father^HL70063",
            $"IN2|E55^^^GH|987654321||||MCARE1||MCAID1{new string('|', 53)}MB9^^^GH||5550001|5550002{new string('|', 8)}04^Natural child^L",
            $"IN3|1{new string('|', 20)}Quill Harper");
        var coverage = result.One("Coverage");
        Assert.Contains("MCARE1", coverage["identifier"]!.AsArray().Select(i => i.Text("value")));
        Assert.Contains(coverage["identifier"]!.AsArray(), i => i.Text("type.coding.0.code") == "MB" && i.Text("value") == "MB9");
        Assert.Equal("FTH", coverage.Text("relationship.coding.1.code") ?? coverage.Text("relationship.coding.0.code"));
        var subscriber = result.One("RelatedPerson");
        Assert.Equal(["E55", "987654321"], subscriber["identifier"]!.AsArray().Select(i => i.Text("value")));
        Assert.Equal(["home", "work"], subscriber["telecom"]!.AsArray().Select(t => t.Text("use")));
        Assert.Equal(("Quill Harper", "768832004"), (result.One("CareTeam").Text("participant.0.member.display"), result.One("CareTeam").Text("participant.0.role.0.coding.0.code")));
    }

    [Fact]
    public void A_procedure_has_its_time_people_and_modifiers()
    {
        var result = Feed.Translate(
            "BAR^P12^BAR_P12",
            "EVN|P12|20240501",
            Pid,
            Pv1,
            "PR1|1||27447^Knee replacement^C4||20240501080000|P^Treatment^HL70230|90|D1^Gas^Gil||45|D2^Blade^Bea||||M17^Gonarthrosis^I10|LT^Left^L~59^Distinct^L|||PR1^GH||||W1^OP1^^GH||PR0^GH");
        var made = result.One("Procedure");
        Assert.Equal(("completed", "2024-05-01T08:00:00Z", "2024-05-01T09:30:00Z"), (made.Text("status"), made.Text("performedPeriod.start"), made.Text("performedPeriod.end")));
        Assert.Equal(["27447", "27447:LT", "27447:59"], made.At("code.coding")!.AsArray().Select(c => c.Text("code")));
        Assert.Equal(["88189002", "304292004"], made["performer"]!.AsArray().Select(p => p.Text("function.coding.0.code")));
        Assert.Equal(("M17", "OP1", "PR0"), (made.Text("reasonCode.0.coding.0.code"), made.Text("location.display"), made.Text("partOf.0.identifier.value")));
        Assert.Contains("PR1-10", result.Unmapped);
    }

    [Fact]
    public void A_deleted_procedure_was_entered_in_error()
    {
        const string Pr1 = "PR1|1||27447^Knee replacement^C4||20240501||||||||||||||PR1^GH";
        var stored = Feed.Translate("BAR^P12^BAR_P12", "EVN|P12|20240501", Pid, Pr1).One("Procedure");
        stored = MergePatch.Apply(stored, Feed.Translate("BAR^P12^BAR_P12", "EVN|P12|20240502", Pid, Pr1.Replace("PR1^GH", "PR1^GH|D", StringComparison.Ordinal)).One("Procedure"));
        Assert.Equal("entered-in-error", stored.Text("status"));
    }

    [Fact]
    public void What_insurance_law_and_accidents_need_has_no_place_and_is_reported()
    {
        var result = Feed.Translate("DFT^P03^DFT_P03", "EVN|P03|20240501", Pid, "ACC|20240430|TR^Traffic^L|Route 1", "UB1|1|2");
        Assert.Contains("ACC-1", result.Unmapped);
        Assert.Contains("UB1-2", result.Unmapped);
    }
}
