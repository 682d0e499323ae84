using System.Net;
using FhirFacade.Attacks.Http;

namespace FhirFacade.Attacks.Scripts;

/// <summary>Writes that would find, take or move what is not one's own.</summary>
internal static class WriteScripts
{
    private const string Mine = """{"resourceType":"Observation","status":"final","code":{"text":"a"},"subject":{"reference":"Patient/~x"}}""";
    private const string Theirs = """{"resourceType":"Observation","id":"~x-2","status":"final","code":{"text":"a"},"subject":{"reference":"Patient/~y"}}""";

    private static readonly string[] writers = [Attacker.Patient, Attacker.User];

    public static IEnumerable<Script> All =>
    [
        new("writing: a conditional create does not find what is forbidden", writers, stage => AsThoughAbsentAsync(stage, HttpMethod.Post, "Observation", ("If-None-Exist", "code=~secret"))),
        new("writing: a conditional update does not find what is forbidden", writers, stage => AsThoughAbsentAsync(stage, HttpMethod.Put, "Observation?code=~secret")),
        new("writing: a conditional create of a transaction does not find what is forbidden", writers, InTransactionAsync),
        new("writing: nothing is moved to another patient", writers, MovedAsync),
        new("writing: no reference is turned into another patient's", writers, ReferredAsync),
        new("writing: nobody lets themselves in by a care team, an encounter or a link", writers, LetInAsync),
    ];

    private static async Task<string> AsThoughAbsentAsync(Stage stage, HttpMethod method, string path, params (string, string)[] headers)
    {
        var answer = await stage.SendAsync(method, path, Mine, headers);
        return await TakenAwayAsync(stage, answer.Header("Location")) ? "" : answer.Status == HttpStatusCode.Created || (int)answer.Status is >= 400 and < 500 && answer.Status != HttpStatusCode.PreconditionFailed ? "" : $"{(int)answer.Status}";
    }

    private static async Task<string> InTransactionAsync(Stage stage)
    {
        var bundle = $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"POST","url":"Observation","ifNoneExist":"code=~secret"},"resource":{{{Mine}}}}]}""";
        var answer = await stage.SendAsync(HttpMethod.Post, "", bundle);
        if (answer.Status != HttpStatusCode.OK)
        {
            return "";
        }
        var response = answer.Json.GetProperty("entry")[0].GetProperty("response");
        var location = response.TryGetProperty("location", out var at) ? at.GetString() : null;
        return response.GetProperty("status").GetString()!.StartsWith("201", StringComparison.Ordinal) && await TakenAwayAsync(stage, location) ? "" : $"an entry found {response}";
    }

    private static async Task<string> MovedAsync(Stage stage)
    {
        const string patch = """[{"op":"replace","path":"/subject/reference","value":"Patient/~y"}]""";
        Answer[] answers =
        [
            await stage.SendAsync(HttpMethod.Put, "Observation/~x-2", Theirs),
            await stage.SendAsync(HttpMethod.Put, "Observation?_id=~x-2", Theirs),
            await stage.SendAsync(HttpMethod.Patch, "Observation/~x-2", patch, ("Content-Type", "application/json-patch+json")),
        ];
        return answers.FirstOrDefault(answer => (int)answer.Status < 400) is { } done ? $"{(int)done.Status}" : "";
    }

    private static async Task<string> ReferredAsync(Stage stage)
    {
        var bundle = """{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"PUT","url":"Observation/~x-2"},"resource":{"resourceType":"Observation","id":"~x-2","status":"final","code":{"text":"a"},"subject":{"reference":"Patient?address-city=~city-y"}}}]}""";
        var answer = await stage.SendAsync(HttpMethod.Post, "", bundle);
        var none = await stage.SendAsync(HttpMethod.Post, "", bundle.Replace("~city-y", "~city-n", StringComparison.Ordinal));
        return answer.Status == none.Status && answer.Text.Replace("city-y", "city-n", StringComparison.Ordinal) == none.Text ? "" : $"{(int)answer.Status} where it is there, {(int)none.Status} where it is not";
    }

    private static async Task<string> LetInAsync(Stage stage)
    {
        (HttpMethod Method, string Path, string Body)[] tries =
        [
            (HttpMethod.Put, "CareTeam/~y-team", """{"resourceType":"CareTeam","id":"~y-team","status":"active","subject":{"reference":"Patient/~y"},"participant":[{"member":{"reference":"~~user"}}]}"""),
            (HttpMethod.Post, "CareTeam", """{"resourceType":"CareTeam","status":"active","subject":{"reference":"Patient/~y"},"participant":[{"member":{"reference":"~~user"}}]}"""),
            (HttpMethod.Post, "Encounter", """{"resourceType":"Encounter","status":"in-progress","class":{"code":"AMB"},"subject":{"reference":"Patient/~y"},"participant":[{"individual":{"reference":"~~user"}}]}"""),
            (HttpMethod.Put, "Patient/~y", """{"resourceType":"Patient","id":"~y","generalPractitioner":[{"reference":"~~user"}]}"""),
        ];
        foreach (var (method, path, body) in tries)
        {
            var answer = await stage.SendAsync(method, path, body);
            if ((int)answer.Status < 400)
            {
                return $"{method} {path}: {(int)answer.Status}";
            }
        }
        await stage.SendAsync(HttpMethod.Patch, "Patient/~x", """[{"op":"add","path":"/link","value":[{"other":{"reference":"Patient/~y"},"type":"seealso"}]}]""", ("Content-Type", "application/json-patch+json"));
        var other = await stage.GetAsync("Patient/~y");
        return other.Status == HttpStatusCode.NotFound ? "" : $"a link opened another patient: {(int)other.Status}";
    }

    // What was made stays the attacker's own; it is removed with the rest.
    private static async Task<bool> TakenAwayAsync(Stage stage, string? location)
    {
        if (location is null)
        {
            return false;
        }
        var id = location[(location.IndexOf("Observation/", StringComparison.Ordinal) + 12)..].Split('/')[0];
        stage.World.Made("Observation", id);
        var deleted = await stage.SendAsAsync(await stage.World.RootAsync(), HttpMethod.Delete, "Observation/" + id);
        return (int)deleted.Status < 300 && !id.StartsWith(stage.World.Prefix, StringComparison.Ordinal);
    }
}
