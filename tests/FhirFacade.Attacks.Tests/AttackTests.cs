using FhirFacade.Attacks.Probes;
using FhirFacade.Attacks.Scripts;

namespace FhirFacade.Attacks.Tests;

/// <summary>Every attack, on a server of its own: the same that anyone can run against theirs.</summary>
public sealed class AttackTests(Attacked attacked) : IClassFixture<Attacked>
{
    public static TheoryData<string> Names => [.. Probe.All.Select(probe => probe.Name), .. Script.All.Select(script => script.Name), .. ForgedTokens.Names, .. LaunchAttacks.Names, .. ConsentRun.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_held(string attack)
    {
        var found = attacked.Findings.Where(finding => finding.Attack == attack).ToList();
        Assert.NotEmpty(found);
        Assert.All(found, finding => Assert.True(finding.Verdict == Verdict.Held, finding.ToString()));
    }

    [Fact]
    public void Every_kind_of_grant_was_tried_and_nothing_else_leaked()
    {
        Assert.Empty(Attacker.Kinds.Except(attacked.Findings.Select(finding => finding.Who)));
        Assert.All(attacked.Findings, finding => Assert.True(finding.Verdict == Verdict.Held, finding.ToString()));
    }
}
