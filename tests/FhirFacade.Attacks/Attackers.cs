using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using FhirFacade.Attacks.Http;
using FhirFacade.Attacks.Tokens;
using FhirFacade.Attacks.Worlds;

namespace FhirFacade.Attacks;

/// <summary>The kinds of attackers that the operator's loans allow, each with the token that the server gives to such a client.</summary>
public static class Attackers
{
    private const string Everything = "openid fhirUser user/*.cruds";

    private static readonly string[] types =
        ["Patient", "Observation", "Condition", "Encounter", "CareTeam", "DiagnosticReport", "Composition", "List", "DocumentReference", "Appointment", "Practitioner", "Organization", "MedicationRequest", "Medication"];

    private static readonly (string Name, string Value)[] emergency = [("X-Purpose-Of-Use", "BTG"), ("X-Break-Glass-Reason", Launch.Reason)];

    /// <summary>Who the practitioners are that may sign in, such as <c>Practitioner/1</c>; nobody where there are none.</summary>
    public static async Task<IReadOnlyList<string>> MembersOfAsync(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        var members = new List<string>();
        foreach (var user in new[] { site.Target.User, site.Target.EmergencyUser }.OfType<string>().Where(_ => site.Target.App is not null))
        {
            using var launch = new Launch(site, scope: "openid fhirUser user/*.rs");
            var token = await launch.ToTokenAsync(user);
            var claims = JsonElement.Parse(Base64Url.DecodeFromChars(token.Json.GetProperty("id_token").GetString()!.Split('.')[1]));
            members.Add(string.Join('/', claims.GetProperty("fhirUser").GetString()!.Split('/')[^2..]));
        }
        return members.Count == 0 ? ["Practitioner/nobody"] : members;
    }

    /// <summary>Those there are to whom their tokens do not open what Y has.</summary>
    public static IReadOnlyList<Attacker> Of(Site site, World world)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(world);
        IReadOnlyList<string> ofY = [world.Canary + "-Y"];
        Task<string> OpenAsync() => site.TokenAsync(site.Target.Owner, Granular(world, "{0}|open"));
        var attackers = new List<Attacker>
        {
            new(Attacker.System, OpenAsync, ofY),
            new(Attacker.Purpose, OpenAsync, ofY) { Headers = [("X-Purpose-Of-Use", "HMARKT")] },
        };
        if (site.Target is { App: not null, User: { } user })
        {
            site.PickedPatient = world.Named("~x");
            attackers.Add(new Attacker(Attacker.Patient, () => LaunchedAsync(site, user, "openid fhirUser launch/patient patient/*.cruds"), ofY));
            attackers.Add(new Attacker(Attacker.User, () => LaunchedAsync(site, user, Everything), ofY));
            attackers.Add(new Attacker(Attacker.NoEmergency, () => LaunchedAsync(site, user, Everything), ofY) { Headers = emergency });
            attackers.AddRange(InEmergency(site, ofY));
        }
        if (site.Target.Restricted is { } restricted)
        {
            attackers.Add(new Attacker(Attacker.Policy, () => site.TokenAsync(restricted, Granular(world, "{0}|open,{0}|policy")), [world.Canary]));
        }
        return attackers;
    }

    /// <summary>Whom the token opens what Y has, and Y's consents do not.</summary>
    public static Attacker DeniedBy(Site site, World world, DenyingConsent consent)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(consent);
        var denied = site.Target.Denied ?? throw new InvalidOperationException("no client was lent to which the record is denied");
        return new Attacker(consent.Kind, () => site.TokenAsync(denied, Granular(world, "{0}|open,{0}|denied")), [world.Canary + "-Y"]);
    }

    private static IEnumerable<Attacker> InEmergency(Site site, IReadOnlyList<string> ofY)
    {
        if (site.Target.EmergencyUser is not { } user)
        {
            yield break;
        }
        yield return new Attacker(Attacker.EmergencyUnclaimed, () => BeganAsync(site, user), ofY);
        yield return new Attacker(Attacker.EmergencyOfOne, () => LaunchedAsync(site, user, "openid fhirUser launch/patient patient/*.cruds", "BTG"), ofY);
        if (site.Target.EndEmergencyAsync is { } end)
        {
            yield return new Attacker(Attacker.EmergencyOver, async () =>
            {
                var token = await BeganAsync(site, user);
                await end(token);
                return token;
            }, ofY) { Headers = emergency[..1] };
        }
    }

    // The glass is broken for everybody, by one request.
    private static async Task<string> BeganAsync(Site site, string user)
    {
        var token = await LaunchedAsync(site, user, Everything);
        var answer = await site.SendAsync(HttpMethod.Get, "Patient/" + site.PickedPatient, token, headers: emergency);
        return answer.Status == HttpStatusCode.OK ? token : throw new UnexpectedAnswerException("no emergency could begin", answer);
    }

    private static async Task<string> LaunchedAsync(Site site, string user, string scope, string? purpose = null)
    {
        using var launch = new Launch(site, scope: scope);
        if (purpose is not null)
        {
            launch.Parameters["purpose_of_use"] = purpose;
        }
        return (await launch.ToTokenAsync(user)).Json.GetProperty("access_token").GetString()!;
    }

    private static string Granular(World world, string identifiers) =>
        string.Join(' ', types.Select(type => $"system/{type}.cruds?identifier={identifiers.Replace("{0}", world.Named("urn:~run"), StringComparison.Ordinal)}"));
}
