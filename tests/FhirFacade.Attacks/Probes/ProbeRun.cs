using System.Net;
using FhirFacade.Attacks.Http;
using FhirFacade.Attacks.Worlds;

namespace FhirFacade.Attacks.Probes;

/// <summary>Asks every probe again and again while what is forbidden comes and goes, and holds the answers against each other.</summary>
public sealed class ProbeRun(Site site, World world)
{
    public const string Json = "application/fhir+json";
    public const string Xml = "application/fhir+xml";

    private readonly Dictionary<(string Who, Probe Probe, string Format), string> first = [];
    private readonly Dictionary<(string Who, string Attack), Finding> findings = [];

    /// <summary>What was found so far, one for each probe and attacker.</summary>
    public IReadOnlyList<Finding> Findings => [.. findings.Values.OrderBy(f => f.Attack, StringComparer.Ordinal)];

    /// <summary>Asks them all once.</summary>
    /// <param name="attackers">Who asks.</param>
    /// <param name="state">What the world is like now.</param>
    /// <param name="formats">In which formats; null: in those of each attacker.</param>
    public async Task AskAsync(IEnumerable<Attacker> attackers, string state, IReadOnlyList<string>? formats = null)
    {
        ArgumentNullException.ThrowIfNull(attackers);
        await Task.WhenAll(attackers.Select(async attacker =>
        {
            var token = await attacker.TokenAsync();
            foreach (var (probe, format) in Probe.All.SelectMany(probe => (formats ?? attacker.Formats).Select(format => (probe, format))))
            {
                var answer = await SendAsync(probe, attacker, token, format);
                lock (findings)
                {
                    Judge(attacker, probe, format, answer, state);
                }
            }
        }));
    }

    private Task<Answer> SendAsync(Probe probe, Attacker attacker, string token, string format)
    {
        var body = probe.Body is null ? null : world.Named(probe.Body);
        var type = probe.Headers.FirstOrDefault(h => h.Name == "Content-Type").Value ?? (body is ['{' or '[', ..] ? "application/fhir+json" : "application/x-www-form-urlencoded");
        var headers = probe.Headers.Where(h => h.Name != "Content-Type").Select(h => (h.Name, world.Named(h.Value))).Append(("Accept", format)).Append(("Prefer", "handling=lenient")).Concat(attacker.Headers);
        return site.SendAsync(probe.Method, world.Named(probe.Address).Replace(" ", "%20", StringComparison.Ordinal).Replace("\"", "%22", StringComparison.Ordinal), token, body, type, headers);
    }

    private void Judge(Attacker attacker, Probe probe, string format, Answer answer, string state)
    {
        var seen = Seen.Of(answer, world.Settled);
        var heard = attacker.Forbidden.FirstOrDefault(word => seen.Contains(word, StringComparison.Ordinal));
        var difference = probe.IsUnsteady || first.TryAdd((attacker.Kind, probe, format), seen) ? "" : Seen.Difference(first[(attacker.Kind, probe, format)], seen);
        var missing = format == Json && attacker.SeesAllOfX ? Missing(probe, answer) : "";
        Note(attacker, probe,
            heard is not null ? (Verdict.Leaked, $"{state}, a canary sang")
            : attacker.IsRefused && answer.Status != HttpStatusCode.Forbidden ? (Verdict.Leaked, $"{state}, {(int)answer.Status} instead of a refusal")
            : difference.Length > 0 ? (Verdict.Leaked, $"{state}, {difference}")
            : (int)answer.Status >= 500 ? (Verdict.Broken, $"{state}, {(int)answer.Status}")
            : missing.Length > 0 ? (Verdict.Broken, $"{state}, {missing}")
            : (Verdict.Held, ""));
    }

    private void Note(Attacker attacker, Probe probe, (Verdict Verdict, string Reason) found)
    {
        var key = (attacker.Kind, probe.Name);
        if (!findings.TryGetValue(key, out var before) || before.Verdict == Verdict.Held)
        {
            findings[key] = new Finding(probe.Name, attacker.Kind, found.Verdict, found.Reason);
        }
    }

    // Who finds nothing at all holds every secret.
    private string Missing(Probe probe, Answer answer)
    {
        if (probe.Expected is null)
        {
            return "";
        }
        if (answer.Status != HttpStatusCode.OK)
        {
            return $"{(int)answer.Status} instead of what X has";
        }
        var expected = probe.Expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Reference).Order(StringComparer.Ordinal).ToList();
        var got = answer.Matches.Concat(answer.Included.Select(r => "+" + r)).Order(StringComparer.Ordinal).ToList();
        return expected.SequenceEqual(got) ? "" : $"[{string.Join(' ', got)}] instead of [{string.Join(' ', expected)}]".Replace(world.Prefix, "~", StringComparison.Ordinal);
    }

    private string Reference(string word)
    {
        var (plus, id) = word[0] == '+' ? ("+", word[1..]) : ("", word);
        return plus + (id.Contains('/', StringComparison.Ordinal) ? world.Named(id) : $"Observation/{world.Prefix}{id}");
    }
}
