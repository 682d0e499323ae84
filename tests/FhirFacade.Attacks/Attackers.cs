using System.Buffers.Text;
using System.Text.Json;
using FhirFacade.Attacks.Tokens;
using FhirFacade.Attacks.Worlds;

namespace FhirFacade.Attacks;

/// <summary>The kinds of attackers that the operator's loans allow, each with the token that the server gives to such a client.</summary>
public static class Attackers
{
    private static readonly string[] types =
        ["Patient", "Observation", "Condition", "Encounter", "CareTeam", "DiagnosticReport", "Composition", "List", "DocumentReference", "Practitioner", "Organization"];

    /// <summary>Who the practitioner is that may sign in, such as <c>Practitioner/1</c>; of nobody where there is none.</summary>
    public static async Task<string> UserOfAsync(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        if (site.Target.App is null || site.Target.User is null)
        {
            return "Practitioner/nobody";
        }
        using var launch = new Launch(site, scope: "openid fhirUser user/*.rs");
        var token = await launch.ToTokenAsync(site.Target.User);
        var claims = JsonElement.Parse(Base64Url.DecodeFromChars(token.Json.GetProperty("id_token").GetString()!.Split('.')[1]));
        return string.Join('/', claims.GetProperty("fhirUser").GetString()!.Split('/')[^2..]);
    }

    /// <summary>Those there are.</summary>
    public static IReadOnlyList<Attacker> Of(Site site, World world)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(world);
        var attackers = new List<Attacker>();
        if (site.Target is { App: not null, User: { } user })
        {
            site.PickedPatient = world.Named("~x");
            attackers.Add(new Attacker(Attacker.Patient, () => LaunchedAsync(site, user, "openid fhirUser launch/patient patient/*.cruds"), [world.Canary + "-Y"]));
            attackers.Add(new Attacker(Attacker.User, () => LaunchedAsync(site, user, "openid fhirUser user/*.cruds"), [world.Canary + "-Y"]));
        }
        attackers.Add(new Attacker(Attacker.System, () => site.TokenAsync(site.Target.Owner, Granular(world, "{0}|open")), [world.Canary + "-Y"]));
        if (site.Target.Restricted is { } restricted)
        {
            attackers.Add(new Attacker(Attacker.Policy, () => site.TokenAsync(restricted, Granular(world, "{0}|open,{0}|policy")), [world.Canary]));
        }
        return attackers;
    }

    private static async Task<string> LaunchedAsync(Site site, string user, string scope)
    {
        using var launch = new Launch(site, scope: scope);
        return (await launch.ToTokenAsync(user)).Json.GetProperty("access_token").GetString()!;
    }

    private static string Granular(World world, string identifiers) =>
        string.Join(' ', types.Select(type => $"system/{type}.rs?identifier={identifiers.Replace("{0}", world.Named("urn:~run"), StringComparison.Ordinal)}"));
}
