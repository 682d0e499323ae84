using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;

namespace FhirFacade.Translation.Tests.Messages;

/// <summary>PPR, PGL: problems and goals.</summary>
public class ProblemTests
{
    [Theory]
    [InlineData("AD", "ACTIVE", "", "active")]
    [InlineData("UP", "R^Resolved^L", "", "resolved")]
    [InlineData("UP", "", "20240520", "resolved")]
    [InlineData("UP", "Active", "20240520", "resolved")]
    [InlineData("UP", "Inactive", "20240520", "inactive")]
    [InlineData("AD", "", "", "active")]
    [InlineData("AD", "FROZEN", "", "active")]
    public void The_life_cycle_or_the_resolution_tells_the_clinical_status(string action, string cycle, string resolved, string status) =>
        Assert.Equal(status, Problem(Prb(action, cycle, resolved)).Text("clinicalStatus.coding.0.code"));

    [Fact]
    public void A_problem_that_is_deleted_was_entered_in_error()
    {
        var stored = MergePatch.Apply(Problem(Prb("AD", "ACTIVE")), Problem(Prb("DE", "ACTIVE")));
        Assert.Equal("entered-in-error", stored.Text("verificationStatus.coding.0.code"));
        Assert.False(stored.ContainsKey("clinicalStatus"));
    }

    [Fact]
    public void A_problem_is_known_by_its_instance_number()
    {
        var first = Problem("PRB|AD|20240501|E11^Diabetes^I10|PB1^GH");
        var second = Problem("PRB|UP|20240601|E11.9^Diabetes without complications^I10|PB1^GH");
        Assert.Equal(first.Text("id"), second.Text("id"));
        Assert.NotEqual(first.Text("id"), Problem("PRB|AD|20240501|E11^Diabetes^I10|PB2^GH").Text("id"));
        Assert.Equal("problem-list-item", first.Text("category.0.coding.0.code"));
    }

    [Fact]
    public void Evidence_variance_notes_orders_and_goals_belong_to_their_problem()
    {
        var result = Feed.Translate(
            "PPR^PC1^PPR_PC1",
            Feed.Pid,
            Prb("AD", "ACTIVE"),
            "NTE|1||Watch the feet",
            "VAR|V1^GH|20240503|20240502|D77^Reed^Una^^^Dr^^^GH||Missed a visit~Came later",
            "ROL|R1^GH|AD|AT^Attending^HL70443|D78^Moss^Ian^^^Dr^^^GH|20240501",
            "OBX|1|NM|4548-4^HbA1c^LN||8.1|%^^UCUM|||||F",
            "GOL|AD|20240501|LOWER^HbA1c below 7^L|G1^GH|||20240501|20241101||||||||||ACTIVE",
            "ORC|NW|PL1^GH",
            "OBR|1|PL1^GH||24323-8^Metabolic panel^LN");
        var condition = result.One("Condition");
        Assert.Equal(["Watch the feet", "Missed a visit\nCame later"], condition["note"]!.AsArray().Select(n => n.Text("text")));
        Assert.Equal($"Observation/{result.One("Observation").Text("id")}", condition.Text("evidence.0.detail.0.reference"));
        var reference = $"Condition/{condition.Text("id")}";
        Assert.Equal(reference, result.One("Goal").Text("addresses.0.reference"));
        Assert.Equal(("2024-11-01", "active"), (result.One("Goal").Text("target.0.dueDate"), result.One("Goal").Text("lifecycleStatus")));
        Assert.Equal(reference, result.One("ServiceRequest").Text("reasonReference.0.reference"));
        Assert.Equal(reference, result.One("CareTeam").Text("reasonReference.0.reference"));
        Assert.Equal(("Dr Ian Moss", "ATND"), (result.One("CareTeam").Text("participant.0.member.display"), result.One("CareTeam").Text("participant.0.role.0.coding.0.code")));
    }

    [Fact]
    public void In_a_goal_message_the_problems_under_a_goal_are_what_it_addresses()
    {
        var goal = Feed.Translate("PGL^PC6^PGL_PC6", Feed.Pid, "GOL|AD|20240501|WALK^Walk again^L|G1^GH", Prb("AD", "ACTIVE"), "PRB|AD|20240501|M17^Gonarthrosis^I10|PB2^GH").One("Goal");
        Assert.Equal(2, goal["addresses"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("ACTIVE", "active")]
    [InlineData("Completed", "completed")]
    [InlineData("on-hold", "on-hold")]
    [InlineData("", "active")]
    [InlineData("QQ", "active")]
    public void A_goal_has_a_life_cycle(string sent, string status)
    {
        var goal = Feed.Translate("PGL^PC6^PGL_PC6", Feed.Pid, $"GOL|AD|20240501|WALK^Walk again^L|G1^GH||||||||||||||{sent}").One("Goal");
        Assert.Equal(status, goal.Text("lifecycleStatus"));
    }

    [Fact]
    public void An_episode_of_care_gathers_visit_problem_and_diagnosis()
    {
        var result = Feed.Translate("PPR^PC1^PPR_PC1", Feed.Pid, "PV1|1|O|CL1^^^GH|||||||||||||||||V1^^^GH", "PRB|AD|20240501|E11^Diabetes^I10|PB1^GH|EP1^GH");
        var episode = result.One("EpisodeOfCare");
        Assert.Equal($"Condition/{result.One("Condition").Text("id")}", episode.Text("diagnosis.0.condition.reference"));
        Assert.Equal($"EpisodeOfCare/{episode.Text("id")}", result.One("Encounter").Text("episodeOfCare.0.reference"));
    }

    private static string Prb(string action, string cycle, string resolved = "") =>
        $"PRB|{action}|20240501|E11^Diabetes^I10|PB1^GH|||20240501||{resolved}|||||{cycle}|||||||||||";

    private static JsonObject Problem(string prb) => Feed.Translate("PPR^PC1^PPR_PC1", Feed.Pid, prb).One("Condition");
}
