using System.Diagnostics;
using System.Globalization;

namespace FhirFacade.Attacks.Scripts;

/// <summary>A right guess and a wrong one, side by side: what differs tells.</summary>
internal static class GuessScripts
{
    private static readonly string[] masked =
    [
        "Patient?address-city={0}", "Patient?address-city:missing=false&_id={0}", "Patient?_sort=address-city&_id={0}", "Patient?_filter=address-city eq {0}", "Patient?_filter=not (address-city co {0})",
        "Observation?patient.address-city={0}", "Observation?subject:Patient.address-city={0}", "Patient?_has:Condition:patient:code={0}", "Condition?code={0}", "Condition?code:text={0}", "Condition?_sort=code&_id={0}",
        "Observation?performer=Practitioner/{0}", "Observation?performer:Practitioner.name={0}", "Observation?_include=Observation:performer&_id={0}", "Practitioner?_revinclude=Observation:performer&_id={0}",
        "Practitioner?_has:Observation:performer:code={0}", "Observation?has-member.performer=Practitioner/{0}", "Patient?_text={0}", "Patient?_content={0}", "Patient?email={0}", "Patient?telecom={0}",
    ];

    public static IEnumerable<Script> All =>
    [
        .. masked.Select(query => new Script($"masked elements: {query.Replace("{0}", "...", StringComparison.Ordinal)}", [Attacker.Policy], stage => SearchedAsync(stage, query))),
        new("masked elements: patch test, replace and delete of what is shown in part", [Attacker.Policy], WrittenAsync),
        new("guesses: ids that are there and ids that are not", IdsAsync),
        new("guesses: how long a count takes", TimedAsync),
    ];

    private static async Task<string> SearchedAsync(Stage stage, string query)
    {
        string[] right = ["~city", "~mail", "~ill", "~doctor", "~person", "~x", "~Doctor"];
        var none = await stage.GetAsync(Written(query, "~none"));
        foreach (var guess in right)
        {
            var answer = await stage.GetAsync(Written(query, guess));
            if (answer.Status != none.Status || stage.Sings(answer) || ((int)answer.Status == 200 && answer.Matches.Count + answer.Included.Count != none.Matches.Count + none.Included.Count))
            {
                return $"{guess}: {(int)answer.Status}, another: {(int)none.Status}";
            }
        }
        return (int)none.Status == 403 ? "" : $"{(int)none.Status} instead of a refusal";
    }

    private static async Task<string> WrittenAsync(Stage stage)
    {
        var patches = new[] { "~mail", "~none" }.Select(guess => $$"""[{"op":"test","path":"/telecom/0/value","value":"{{guess}}"}]""");
        foreach (var patch in patches)
        {
            var answer = await stage.SendAsync(HttpMethod.Patch, "Patient/~x", patch, ("Content-Type", "application/json-patch+json"));
            if ((int)answer.Status != 403)
            {
                return $"{(int)answer.Status}";
            }
        }
        var replaced = await stage.SendAsync(HttpMethod.Put, "Patient/~x", """{"resourceType":"Patient","id":"~x"}""");
        var deleted = await stage.SendAsync(HttpMethod.Delete, "Patient/~x", null);
        return (int)replaced.Status == 403 && (int)deleted.Status == 403 ? "" : $"{(int)replaced.Status} {(int)deleted.Status}";
    }

    private static async Task<string> IdsAsync(Stage stage)
    {
        foreach (var path in new[] { "Observation/{0}", "Observation/{0}/_history", "Observation/{0}/_history/1", "Observation/{0}/$meta", "Patient/{0}/$everything", "Patient/{0}/Observation" })
        {
            var (there, absent) = (await stage.GetAsync(Written(path, path.StartsWith('P') ? "~y" : "~y-1")), await stage.GetAsync(Written(path, "~none")));
            if (there.Status != absent.Status || (int)there.Status >= 400 && there.Text != absent.Text)
            {
                return $"{path}: {(int)there.Status}, {(int)absent.Status}";
            }
        }
        return "";
    }

    // Clocks on a shared machine prove little: only a gross difference, seen twice, counts.
    private static async Task<string> TimedAsync(Stage stage)
    {
        var (first, second) = (await RatioAsync(stage), 1.0);
        if (first is > 0.2 and < 5 || (second = await RatioAsync(stage)) is > 0.2 and < 5)
        {
            return "";
        }
        return string.Create(CultureInfo.InvariantCulture, $"counting what is there takes {first:0.0} and {second:0.0} times as long as counting nothing");
    }

    private static async Task<double> RatioAsync(Stage stage)
    {
        var (there, absent) = (new List<double>(), new List<double>());
        for (var i = 0; i < 25; i++)
        {
            there.Add(await MillisecondsAsync(stage, "Observation?code=~secret&_summary=count"));
            absent.Add(await MillisecondsAsync(stage, "Observation?code=~nosuch&_summary=count"));
        }
        return Median(there) / Median(absent);
    }

    private static async Task<double> MillisecondsAsync(Stage stage, string path)
    {
        var start = Stopwatch.GetTimestamp();
        await stage.GetAsync(path);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static string Written(string query, string guess) => query.Replace("{0}", guess, StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal);
}
