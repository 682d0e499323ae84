using System.Net;
using FhirFacade.Attacks.Http;
using FhirFacade.Attacks.Worlds;

namespace FhirFacade.Attacks.Scripts;

/// <summary>What happens to those whom a consent denies a record while Y changes their mind: it is the consent that closes the record, and it does so at once, on pages that are open too.</summary>
public static class ConsentRun
{
    private const string Search = "Observation?_count=1&_sort=-date";

    /// <summary>What they are called.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "consents: it is the consent that closes the record", "consents: what is denied is closed at once", "consents: a page that was open when it was denied", "consents: an answer that was made before it was denied",
        "consents: nothing denied was changed by any of it",
    ];

    /// <summary>Plays them; what Y has is not there yet.</summary>
    public static async Task<IReadOnlyList<Finding>> RunAsync(Site site, World world, Attacker attacker)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(attacker);
        await world.AddForbiddenAsync();
        var stage = new Stage(site, world, attacker, await attacker.TokenAsync());
        await world.DenyAsync(false);
        var open = await stage.GetAsync("Observation/~y-1");
        var page = await stage.GetAsync(Search);
        var (job, later) = await AsyncScripts.DoneAsync(stage, stage.Token, "Patient/~y/$everything");
        await world.DenyAsync(true);
        Answer[] closed = [await stage.GetAsync("Observation/~y-1"), await stage.GetAsync("Patient/~y"), await stage.GetAsync("Patient/~y/$everything")];
        var pages = await PagesAsync(stage, page);
        var made = await stage.FollowAsync(stage.Token, HttpMethod.Get, later);
        await stage.FollowAsync(stage.Token, HttpMethod.Delete, job);
        var changed = await world.ChangedAsync();
        string[] leaked =
        [
            open.Status == HttpStatusCode.OK ? "" : $"{(int)open.Status} without it",
            Array.Find(closed, answer => answer.Status != HttpStatusCode.NotFound) is { } still ? $"{(int)still.Status}" : "",
            pages,
            stage.Sings(made) ? $"{(int)made.Status}" : "",
            changed,
        ];
        return [.. Names.Zip(leaked, (name, what) => new Finding(name, attacker.Kind, what.Length == 0 ? Verdict.Held : name == Names[0] ? Verdict.Broken : Verdict.Leaked, what))];
    }

    private static async Task<string> PagesAsync(Stage stage, Answer first)
    {
        if (first.Status != HttpStatusCode.OK || first.Link("next") is not { } next)
        {
            return $"{(int)first.Status}, and no further page";
        }
        for (var pages = 0; pages < 30; pages++)
        {
            var page = await stage.FollowAsync(stage.Token, HttpMethod.Get, next);
            if (page.Status != HttpStatusCode.OK)
            {
                return "";
            }
            if (stage.Sings(page) || page.Entries.Any(entry => entry.Reference.Contains(stage.World.Named("/~y"), StringComparison.Ordinal)))
            {
                return $"page {pages + 2}";
            }
            if (page.Link("next") is not { } another)
            {
                return "";
            }
            next = another;
        }
        return "pages without end";
    }
}
