using System.Text.Json.Nodes;

namespace FhirFacade.Translation.Tests.Messages;

/// <summary>MFN: staff (M02), places (M05), inventory (M15); and messages that tell nothing new.</summary>
public class MasterFileTests
{
    private const string Stf = "STF|D77|D77^^^GH~1234567893^^^NPI^NPI|Reed^Una^^^Dr|P|F|19700102|A|CARD^Cardiology^L||^WPN^PH^^^555^1234|2 High St^^Rivertown||||una@gh.example";

    [Theory]
    [InlineData("MAD", "A", true)]
    [InlineData("MUP", "A", true)]
    [InlineData("MAC", "A", true)]
    [InlineData("MDC", "A", false)]
    [InlineData("MDL", "A", false)]
    [InlineData("MUP", "I", false)]
    public void The_record_action_and_the_flag_tell_who_is_active(string action, string flag, bool isActive)
    {
        var result = Staff(action, Stf.Replace("|A|CARD", $"|{flag}|CARD", StringComparison.Ordinal));
        Assert.Equal(isActive, (bool)result.One("Practitioner")["active"]!);
        Assert.Equal(isActive, (bool)result.One("PractitionerRole")["active"]!);
    }

    [Fact]
    public void A_member_of_staff_is_the_person_whom_other_messages_name()
    {
        var id = Staff("MAD", Stf).One("Practitioner").Text("id");
        var named = Feed.Translate("ADT^A01^ADT_A01", "EVN|A01|20240501", Feed.Pid, "PV1|1|I|||||1234567893^Reed^Una^^^Dr^^^^^^^NPI|||||||||||V1^^^GH").One("Practitioner");
        Assert.Equal(named.Text("id"), id);
    }

    [Fact]
    public void Name_numbers_languages_and_qualifications_are_the_practitioners()
    {
        var result = Staff(
            "MAD",
            Stf,
            "PRA|D77|||I|Cardiology^L^20200101|DEA1^DEA",
            "LAN|1|FR^French^L",
            "EDU|1|MD^Doctor of Medicine^HL70360|19880901^19940630|||Rivertown University",
            "CER|1|CN5||Board of Cardiology||||||CARD^Cardiology^L");
        var made = result.One("Practitioner");
        Assert.Equal(["D77", "1234567893", "DEA1"], made["identifier"]!.AsArray().Select(i => i.Text("value")));
        Assert.Equal(("Reed", "female", "1970-01-02", "FR"), (made.Text("name.0.family"), made.Text("gender"), made.Text("birthDate"), made.Text("communication.0.coding.0.code")));
        Assert.Contains(made["telecom"]!.AsArray(), t => t.Text("system") == "email" && t.Text("value") == "una@gh.example");
        Assert.Equal(["Rivertown University", "Board of Cardiology"], made["qualification"]!.AsArray().Select(q => q.Text("issuer.display")));
        var role = result.One("PractitionerRole");
        Assert.Equal(("Cardiology", "Cardiology"), (role.Text("organization.display"), role.Text("specialty.0.text")));
    }

    [Fact]
    public void A_place_is_the_one_that_visits_name_and_knows_its_parent_and_departments()
    {
        var result = Feed.Translate(
            "MFN^M05^MFN_M05",
            "MFI|LOC^Locations^HL70175||UPD|||NE",
            "MFE|MAD|1|20240501|W1^R5^^GH|PL",
            "LOC|W1^R5^^GH|Day room|R|Good Health^^1|1 Mill Lane^^Rivertown|^WPN^PH^^^555^1234",
            "LRL|W1^R5^^GH|A|1|PAR^Parent^HL70325||W1^^^GH",
            "LDP|W1^R5^^GH|CARD^Cardiology^L||||A");
        var room = Assert.Single(result.All("Location"), l => l.Text("name") == "R5");
        Assert.Equal(("active", "Day room", "Good Health", "W1"), (room.Text("status"), room.Text("description"), room.Text("managingOrganization.display"), room.Text("partOf.display")));
        var service = result.One("HealthcareService");
        Assert.Equal(($"Location/{room.Text("id")}", "CARD", "Good Health"), (service.Text("location.0.reference"), service.Text("type.0.coding.0.code"), service.Text("providedBy.display")));
        var visit = Feed.Translate("ADT^A01^ADT_A01", "EVN|A01|20240501", Feed.Pid, "PV1|1|I|W1^R5^^GH|||||||||||||||||V1^^^GH");
        Assert.Equal($"Location/{room.Text("id")}", visit.One("Encounter").Text("location.0.location.reference"));
    }

    [Fact]
    public void An_inventory_lot_is_a_medication_or_a_device_and_its_stock_is_reported()
    {
        var result = Feed.Translate(
            "MFN^M15^MFN_M15",
            "MFI|INV^Inventory^HL70175||UPD|||NE",
            "MFE|MAD|1|20240501|V1|CWE",
            "IIM|V1^Flu vaccine^L|140^Influenza, seasonal^CVX|LOT7|20250630|SKB^Maker^MVX||||||20240501|40",
            "MFE|MDC|2|20240501|S1|CWE",
            "IIM|S1^Syringe^L|SYR5^Syringe 5 ml^L|LOT8|20280101");
        var vaccine = result.One("Medication");
        Assert.Equal(("140", "LOT7", "2025-06-30", "active"), (vaccine.Text("code.coding.0.code"), vaccine.Text("batch.lotNumber"), vaccine.Text("batch.expirationDate"), vaccine.Text("status")));
        Assert.Equal(("SYR5", "LOT8", "inactive"), (result.One("Device").Text("type.coding.0.code"), result.One("Device").Text("lotNumber"), result.One("Device").Text("status")));
        Assert.Contains("IIM-12", result.Unmapped);
    }

    [Theory]
    [InlineData("ACK^A01^ACK", "MSA|AA|1")]
    [InlineData("QBP^Q22^QBP_Q21", "QPD|IHE PDQ Query|1|@PID.5.1^MILLER")]
    [InlineData("RSP^K22^RSP_K21", "PID|1||4711^^^GH^MR||Miller^Ann")]
    [InlineData("QRY^A19^QRY_A19", "QRD|20240501|R|I|1")]
    [InlineData("RSP^K11", "OBX|1|NM|||x||||||Z")]
    public void Questions_and_answers_are_a_header_and_never_fail(string type, string segment)
    {
        var result = Feed.Translate(type, segment);
        Assert.False(result.IsFailure);
        Assert.Equal(["MessageHeader", "Organization"], result.Resources.Select(r => r.Type).Distinct());
        Assert.Equal(!segment.StartsWith("MSA", StringComparison.Ordinal), result.Unmapped.Length > 0);
    }

    private static TranslationResult Staff(string action, params string[] segments) =>
        Feed.Translate("MFN^M02^MFN_M02", ["MFI|PRA^Practitioners^HL70175||UPD|||NE", $"MFE|{action}|1|20240501|D77|CWE", .. segments]);
}
