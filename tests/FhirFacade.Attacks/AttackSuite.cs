using FhirFacade.Attacks.Http;
using FhirFacade.Attacks.Probes;
using FhirFacade.Attacks.Scripts;
using FhirFacade.Attacks.Worlds;

namespace FhirFacade.Attacks;

/// <summary>All attacks, over HTTP alone, against one server. What is made for them is removed at the end.</summary>
public static class AttackSuite
{
    /// <summary>Carries them out.</summary>
    /// <param name="target">Whom to attack.</param>
    /// <param name="disguise">Gives attackers other tokens than theirs, so that a test sees that the suite can fail; null: none.</param>
    /// <param name="cancel">Ends it; what was made is removed all the same.</param>
    /// <exception cref="UnexpectedAnswerException">The server does not let the attacks be prepared.</exception>
    public static async Task<IReadOnlyList<Finding>> RunAsync(Target target, Func<Site, Attacker, Attacker>? disguise, CancellationToken cancel)
    {
        using var site = await Site.OpenAsync(target, cancel);
        var user = await Attackers.UserOfAsync(site);
        IReadOnlyList<Attacker> Disguised(World world) => [.. Attackers.Of(site, world).Select(attacker => disguise?.Invoke(site, attacker) ?? attacker)];
        var asked = await InWorldAsync(new World(site, user), async world =>
        {
            var (attackers, probes) = (Disguised(world), new ProbeRun(site, world));
            await probes.AskAsync(attackers, "before it is there", ProbeRun.Json, ProbeRun.Xml);
            await world.AddForbiddenAsync();
            await probes.AskAsync(attackers, "while it is there", ProbeRun.Json, ProbeRun.Xml);
            await world.RemoveForbiddenAsync();
            await probes.AskAsync(attackers, "after it was removed", ProbeRun.Json);
            await world.AddLabelledAsync();
            await probes.AskAsync(attackers.Where(attacker => attacker.Kind == Attacker.Policy), "while it is labelled", ProbeRun.Json);
            return [.. probes.Findings, .. NotLent(attackers)];
        });
        var played = await InWorldAsync(new World(site, user), async world =>
        {
            await world.AddForbiddenAsync();
            var attackers = Disguised(world);
            return [.. await ScriptRun.RunAsync(site, world, attackers), .. await ForgedTokens.RunAsync(site), .. await LaunchAttacks.RunAsync(site)];
        });
        return [.. asked, .. played];
    }

    private static async Task<IReadOnlyList<Finding>> InWorldAsync(World world, Func<World, Task<IReadOnlyList<Finding>>> attack)
    {
        try
        {
            await world.AddOpenAsync();
            return await attack(world);
        }
        finally
        {
            await world.RemoveAllAsync();
        }
    }

    private static IEnumerable<Finding> NotLent(IReadOnlyList<Attacker> attackers) =>
        from kind in Attacker.Kinds
        where attackers.All(attacker => attacker.Kind != kind)
        select new Finding("every path", kind, Verdict.NotApplicable, kind == Attacker.Policy ? "no client with a policy was lent" : "no app and user were lent");
}
