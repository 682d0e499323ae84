using FhirFacade.Attacks.Probes;

namespace FhirFacade.Attacks.Tests;

/// <summary>A suite that cannot fail proves nothing: attackers who are given a token that opens everything have to be noticed.</summary>
public sealed class WeakenedTests
{
    [Fact]
    public async Task Attackers_who_may_see_everything_are_reported_as_leaks()
    {
        await using var server = await AttackedServer.StartAsync();
        var findings = await AttackSuite.RunAsync(
            server.Target, (site, attacker) => attacker with { TokenAsync = () => site.TokenAsync(site.Target.Owner, "system/*.cruds") }, TestContext.Current.CancellationToken);
        var asked = findings.Where(finding => Attacker.Kinds.Contains(finding.Who)).ToList();
        Assert.All(Probe.All.Select(probe => probe.Path).Distinct(), path => Assert.All(Attacker.Kinds, kind =>
            Assert.Contains(asked, finding => finding.Who == kind && finding.Verdict == Verdict.Leaked && finding.Attack.StartsWith(path + ":", StringComparison.Ordinal))));
        Assert.Contains(asked, finding => finding.Verdict == Verdict.Leaked && finding.Attack.StartsWith("masked elements:", StringComparison.Ordinal));
        Assert.True(asked.Count(finding => finding.Verdict == Verdict.Leaked) > asked.Count * 0.7);
    }
}
