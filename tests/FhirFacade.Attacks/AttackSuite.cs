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
        var members = await Attackers.MembersOfAsync(site);
        IReadOnlyList<Attacker> Disguised(IEnumerable<Attacker> attackers) => [.. attackers.Where(attacker => target.Kinds.Contains(attacker.Kind)).Select(attacker => disguise?.Invoke(site, attacker) ?? attacker)];

        // Those who are denied have worlds of their own, of which nobody else is a part.
        var denied = Task.WhenAll(Tried(target).Select(consent => InWorldAsync(new World(site, ["Practitioner/nobody"], consent), async world =>
        {
            var attackers = Disguised([Attackers.DeniedBy(site, world, consent)]);
            return [.. await AskAsync(site, world, attackers), .. await ConsentRun.RunAsync(site, world, attackers[0])];
        })));
        var asked = await InWorldAsync(new World(site, members), async world =>
        {
            var attackers = Disguised(Attackers.Of(site, world));
            return [.. await AskAsync(site, world, attackers), .. NotTried(target, attackers)];
        });
        var played = await InWorldAsync(new World(site, members), async world =>
        {
            await world.AddForbiddenAsync();
            var attackers = Disguised(Attackers.Of(site, world));
            return [.. await ScriptRun.RunAsync(site, world, attackers), .. await ForgedTokens.RunAsync(site), .. await LaunchAttacks.RunAsync(site)];
        });
        return [.. asked, .. played, .. (await denied).SelectMany(found => found)];
    }

    private static async Task<IReadOnlyList<Finding>> AskAsync(Site site, World world, IReadOnlyList<Attacker> attackers)
    {
        var probes = new ProbeRun(site, world);
        await probes.AskAsync(attackers, "before it is there");
        await world.AddForbiddenAsync();
        await probes.AskAsync(attackers, "while it is there");
        await world.RemoveForbiddenAsync();
        await probes.AskAsync(attackers.Where(attacker => Attacker.Grants.Contains(attacker.Kind)), "after it was removed", [ProbeRun.Json]);
        var restricted = attackers.Where(attacker => attacker.Kind == Attacker.Policy).ToList();
        if (restricted.Count > 0)
        {
            await world.AddLabelledAsync();
            await probes.AskAsync(restricted, "while it is labelled", [ProbeRun.Json]);
        }
        return probes.Findings;
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

    private static IEnumerable<DenyingConsent> Tried(Target target) => 
        DenyingConsent.All.Where(consent => target.Denied is not null && target.Kinds.Contains(consent.Kind) && (target.IsOptIn || !consent.IsOptIn));

    private static IEnumerable<Finding> NotTried(Target target, IReadOnlyList<Attacker> attackers) =>
        from kind in target.Kinds.Except(attackers.Select(attacker => attacker.Kind)).Except(Tried(target).Select(consent => consent.Kind))
        select new Finding("every path", kind, Verdict.NotApplicable, kind switch
        {
            Attacker.Policy => "no client with a policy was lent",
            Attacker.Patient or Attacker.User or Attacker.NoEmergency => "no app and user were lent",
            Attacker.EmergencyOver when target.EmergencyUser is not null => "nobody can have the time pass",
            Attacker.EmergencyOver or Attacker.EmergencyOfOne or Attacker.EmergencyUnclaimed => "no user was lent who may break the glass",
            _ => target.Denied is null ? "no client was lent to which a record could be denied" : "the site opens what no consent denies",
        });
}
