using FhirFacade.Attacks.Http;
using FhirFacade.Attacks.Worlds;

namespace FhirFacade.Attacks.Scripts;

/// <summary>Plays the scripts, and looks at the end whether anything forbidden was changed.</summary>
public static class ScriptRun
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(Site site, World world, IEnumerable<Attacker> attackers)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(attackers);
        var findings = new List<Finding>();
        foreach (var attacker in attackers)
        {
            var stage = new Stage(site, world, attacker, await attacker.TokenAsync());
            foreach (var script in Script.All.Where(script => script.Kinds.Contains(attacker.Kind)))
            {
                findings.Add(await PlayAsync(script, stage));
            }
            var changed = await world.ChangedAsync();
            findings.Add(new Finding("writing: nothing forbidden was changed by any of it", attacker.Kind, changed.Length == 0 ? Verdict.Held : Verdict.Leaked, changed));
        }
        return findings;
    }

    private static async Task<Finding> PlayAsync(Script script, Stage stage)
    {
        try
        {
            var leaked = await script.RunAsync(stage);
            return new Finding(script.Name, stage.Attacker.Kind, leaked.Length == 0 ? Verdict.Held : Verdict.Leaked, leaked);
        }
        catch (UnexpectedAnswerException unexpected)
        {
            return new Finding(script.Name, stage.Attacker.Kind, Verdict.Broken, unexpected.Message);
        }
    }
}
