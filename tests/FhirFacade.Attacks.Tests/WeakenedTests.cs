using FhirFacade.Attacks.Probes;
using FhirFacade.Attacks.Worlds;

namespace FhirFacade.Attacks.Tests;

/// <summary>A suite that cannot fail proves nothing: attackers who are given a token that opens everything have to be noticed.</summary>
public sealed class WeakenedTests
{
    // One of each that differs in how it is noticed: by canaries and differences, by an answer instead of a refusal, by what a consent should have closed.
    private static readonly string[] kinds = [.. Attacker.Grants, Attacker.Purpose, DenyingConsent.All[0].Kind];

    [Fact]
    public async Task Attackers_who_may_see_everything_are_reported_as_leaks()
    {
        await using var server = await AttackedServer.StartAsync();
        var findings = await AttackSuite.RunAsync(
            server.Target with { Kinds = kinds }, (site, attacker) => attacker with { TokenAsync = () => site.TokenAsync(site.Target.Owner, "system/*.cruds"), Headers = [] }, TestContext.Current.CancellationToken);
        var asked = findings.Where(finding => kinds.Contains(finding.Who)).ToList();
        Assert.All(Probe.All.Select(probe => probe.Path).Distinct(), path => Assert.All(kinds, kind =>
            Assert.Contains(asked, finding => finding.Who == kind && finding.Verdict == Verdict.Leaked && finding.Attack.StartsWith(path + ":", StringComparison.Ordinal))));
        Assert.Contains(asked, finding => finding.Verdict == Verdict.Leaked && finding.Attack.StartsWith("masked elements:", StringComparison.Ordinal));
        Assert.Contains(asked, finding => finding.Verdict == Verdict.Leaked && finding.Attack == "consents: what is denied is closed at once");
        Assert.True(asked.Count(finding => finding.Verdict == Verdict.Leaked) > asked.Count * 0.7);
    }
}
