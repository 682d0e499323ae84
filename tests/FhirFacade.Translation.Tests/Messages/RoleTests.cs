using System.Text.Json.Nodes;

namespace FhirFacade.Translation.Tests.Messages;

/// <summary>ROL and PRT: who takes part in what stands before them.</summary>
public class RoleTests
{
    private const string Pv1 = "PV1|1|I|W1^^^GH|||||||||||||||||V1^^^GH";
    private const string Pp = "ROL|R1^GH|AD|PP^Primary care provider^HL70443|D77^Reed^Una^^^Dr^^^GH|20240101||||||2 High St^^Rivertown|^WPN^PH^^^555^1234||Rivertown Practice^^77";

    [Fact]
    public void After_PID_a_primary_care_provider_is_the_general_practitioner()
    {
        var result = Feed.Translate("ADT^A01^ADT_A01", "EVN|A01|20240501", Feed.Pid, Pp, Pv1);
        var role = result.One("PractitionerRole");
        Assert.Equal($"PractitionerRole/{role.Text("id")}", result.One("Patient").Text("generalPractitioner.0.reference"));
        Assert.Equal(("R1", "446050000", "2024-01-01"), (role.Text("identifier.0.value"), role.Text("code.0.coding.0.code"), role.Text("period.start")));
        Assert.Equal("Rivertown Practice", role.Text("organization.display"));
        Assert.Equal("Rivertown", result.One("Practitioner").Text("address.0.city"));
        Assert.Empty(result.All("CareTeam"));
    }

    [Theory]
    [InlineData("ROL|R1^GH|AD|CP^Consulting^HL70443|D77^Reed^Una^^^Dr^^^GH|20240101||||||||W1^^^GH|Rivertown Practice^^77")]
    [InlineData("PRT|R1^GH|AD||CP^Consulting^HL70912|D77^Reed^Una^^^Dr^^^GH|||Rivertown Practice^^77|||20240101")]
    public void After_PID_others_are_the_care_team_and_after_PV1_the_visits_participants(string segment)
    {
        var team = Feed.Translate("ADT^A01^ADT_A01", "EVN|A01|20240501", Feed.Pid, segment, Pv1).One("CareTeam");
        Assert.Equal(("Dr Una Reed", "Rivertown Practice", "2024-01-01"), (team.Text("participant.0.member.display"), team.Text("participant.0.onBehalfOf.display"), team.Text("participant.0.period.start")));
        var result = Feed.Translate("ADT^A01^ADT_A01", "EVN|A01|20240501", Feed.Pid, Pv1, segment);
        Assert.Empty(result.All("CareTeam"));
        Assert.Equal($"PractitionerRole/{result.One("PractitionerRole").Text("id")}", result.One("Encounter").Text("participant.0.individual.reference"));
    }

    [Fact]
    public void After_PR1_they_perform_the_procedure()
    {
        var result = Feed.Translate("ADT^A01^ADT_A01", "EVN|A01|20240501", Feed.Pid, Pv1, "PR1|1||27447^Knee replacement^C4||20240501", "ROL|R1^GH|AD|AT^Attending^HL70443|D77^Reed^Una^^^Dr^^^GH");
        Assert.Equal("ATND", result.One("Procedure").Text("performer.0.function.coding.0.code"));
    }

    [Fact]
    public void After_IN1_they_are_the_insurers_business_and_are_reported()
    {
        var result = Feed.Translate("ADT^A01^ADT_A01", "EVN|A01|20240501", Feed.Pid, Pv1, "IN1|1|PLAN^Plan|INS1^^^GH|Insurer", Pp);
        Assert.False(result.One("Encounter").ContainsKey("participant"));
        Assert.Contains("ROL-4", result.Unmapped);
    }

    [Fact]
    public void One_that_is_deleted_takes_no_part()
    {
        var result = Feed.Translate("ADT^A08^ADT_A01", "EVN|A08|20240501", Feed.Pid, Pp.Replace("|AD|", "|DE|", StringComparison.Ordinal), Pv1);
        Assert.False(result.One("Patient").ContainsKey("generalPractitioner"));
        Assert.DoesNotContain("ROL-4", result.Unmapped);
    }

    [Fact]
    public void An_organization_alone_may_be_a_member()
    {
        JsonObject team = Feed.Translate("ADT^A01^ADT_A01", "EVN|A01|20240501", Feed.Pid, "PRT|R1^GH|AD||AP^Provider^HL70912||||Night Nurses^^12", Pv1).One("CareTeam");
        Assert.Equal("Night Nurses", team.Text("participant.0.member.display"));
    }
}
