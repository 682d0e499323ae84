using System.Net;

namespace FhirFacade.Attacks.Scripts;

/// <summary>Tokens that open one thing, tried on another.</summary>
internal static class ScopeScripts
{
    private static readonly string[] once = [Attacker.System];

    private static readonly string[] paths =
    [
        "Observation/~x-1", "Observation/~x-1/_history", "Observation", "Observation?code=718-7", "Observation/_history", "CareTeam", "CareTeam/~x-team", "Patient/~x/$everything", "Patient?_id=~x&_revinclude=CareTeam:patient",
        "Practitioner?_id=~doctor&_has:Observation:performer:code=718-7", "Practitioner?_id=~doctor&_revinclude=*", "Observation/$lastn?patient=~x", "Patient/~x/Observation", "?_type=Observation", "_history",
    ];

    public static IEnumerable<Script> All =>
    [
        .. new[] { "system/Practitioner.rs", "system/Observation.c", "system/Observation.cud", "system/Slot.rs", "system/Observation.rs?status=nonsense", "system/Observation.rs?code:nonsense=a", "system/Observation.rs?_count=5" }
            .Select(scope => new Script($"scopes: {scope} opens nothing else", once, stage => OpensNothingAsync(stage, scope))),
        new("scopes: reading does not open searching", once, stage => ClosedAsync(stage, "system/Observation.r", "Observation", "Observation/_history", "?_type=Observation", "Patient/~x/Observation")),
        new("scopes: searching does not open reading", once, stage => ClosedAsync(stage, "system/Observation.s", "Observation/~x-1", "Observation/~x-1/_history", "Observation/~x-1/_history/1")),
        new("scopes: no permission at all is no permission", once, NoneAsync),
        new("scopes: a token of the patient context without a patient", once, stage => NoTokenAsync(stage, "patient/*.rs")),
        new("scopes: a token of the user context without a user", once, stage => NoTokenAsync(stage, "user/*.rs")),
        new("scopes: without a token nothing answers", once, AnonymousAsync),
    ];

    private static async Task<string> OpensNothingAsync(Stage stage, string scope)
    {
        var token = await stage.Site.TokenAsync(stage.Site.Target.Owner, scope);
        foreach (var path in paths)
        {
            var answer = await stage.SendAsAsync(token, HttpMethod.Get, path);
            if (answer.Text.Contains(stage.World.Canary, StringComparison.Ordinal) || answer.Text.Contains($"\"id\":\"{stage.World.Prefix}x", StringComparison.Ordinal))
            {
                return path;
            }
        }
        return "";
    }

    private static async Task<string> ClosedAsync(Stage stage, string scope, params string[] closed)
    {
        var token = await stage.Site.TokenAsync(stage.Site.Target.Owner, scope);
        foreach (var path in closed)
        {
            var answer = await stage.SendAsAsync(token, HttpMethod.Get, path);
            if (answer.Status is not (HttpStatusCode.Forbidden or HttpStatusCode.NotFound))
            {
                return $"{path}: {(int)answer.Status}";
            }
        }
        return "";
    }

    private static async Task<string> NoneAsync(Stage stage)
    {
        foreach (var scope in new[] { "openid", "system/*", "system/", "SYSTEM/*.rs", "nonsense" })
        {
            if (await NoTokenAsync(stage, scope) is { Length: > 0 } opened)
            {
                return $"{scope}: {opened}";
            }
        }
        return "";
    }

    // Either no token is given, or it opens nothing.
    private static async Task<string> NoTokenAsync(Stage stage, string scope)
    {
        try
        {
            return await OpensNothingAsync(stage, scope);
        }
        catch (Http.UnexpectedAnswerException)
        {
            return "";
        }
    }

    private static async Task<string> AnonymousAsync(Stage stage)
    {
        foreach (var path in paths)
        {
            var answer = await stage.SendAsAsync(null, HttpMethod.Get, path);
            if (answer.Status != HttpStatusCode.Unauthorized)
            {
                return $"{path}: {(int)answer.Status}";
            }
        }
        return "";
    }
}
