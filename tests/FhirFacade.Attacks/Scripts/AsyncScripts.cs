using System.Net;
using FhirFacade.Attacks.Http;

namespace FhirFacade.Attacks.Scripts;

/// <summary>Answers that are fetched later, by somebody else.</summary>
internal static class AsyncScripts
{
    private static readonly (string, string)[] later = [("Prefer", "respond-async")];

    public static IEnumerable<Script> All =>
    [
        new("later answers: the job of another client", [Attacker.Patient, Attacker.User, Attacker.Policy], AnotherClientAsync),
        new("later answers: a job of one's own", OwnAsync),
    ];

    private static async Task<string> AnotherClientAsync(Stage stage)
    {
        var root = await stage.World.RootAsync();
        var (job, page) = await DoneAsync(stage, root, "Observation?code=~secret");
        foreach (var address in new[] { job, page })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Delete })
            {
                var answer = await stage.FollowAsync(stage.Token, method, address);
                if ((int)answer.Status < 400 || stage.Sings(answer))
                {
                    return $"{method}: {(int)answer.Status}";
                }
            }
        }
        var still = await stage.FollowAsync(root, HttpMethod.Get, page);
        await stage.FollowAsync(root, HttpMethod.Delete, job);
        return still.Status == HttpStatusCode.OK ? "" : "it is gone";
    }

    private static async Task<string> OwnAsync(Stage stage)
    {
        foreach (var path in new[] { "Observation?_sort=-date", "Patient/~x/$everything", "Practitioner?_id=~doctor&_revinclude=Patient:general-practitioner" })
        {
            var (job, page) = await DoneAsync(stage, stage.Token, path);
            var answer = await stage.FollowAsync(stage.Token, HttpMethod.Get, page);
            await stage.FollowAsync(stage.Token, HttpMethod.Delete, job);
            if (stage.Sings(answer))
            {
                return path;
            }
        }
        return "";
    }

    /// <summary>An answer that is made for later: its job, and where it is fetched.</summary>
    public static async Task<(string Job, string Page)> DoneAsync(Stage stage, string token, string path)
    {
        var accepted = await stage.SendAsAsync(token, HttpMethod.Get, path, null, later);
        if (accepted.Status != HttpStatusCode.Accepted)
        {
            throw new UnexpectedAnswerException("not accepted for later", accepted);
        }
        var job = accepted.Header("Content-Location")!;
        for (var tries = 0; tries < 600; tries++)
        {
            var status = await stage.FollowAsync(token, HttpMethod.Get, job);
            if (status.Status == HttpStatusCode.OK)
            {
                return (job, status.Json.GetProperty("output")[0].GetProperty("url").GetString()!);
            }
            if (status.Status != HttpStatusCode.Accepted)
            {
                throw new UnexpectedAnswerException("a job that failed", status);
            }
            await Task.Delay(50);
        }
        throw new UnexpectedAnswerException("a job that does not end", accepted);
    }
}
