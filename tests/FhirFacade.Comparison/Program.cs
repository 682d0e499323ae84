using FhirFacade.Comparison;

// comparison DATA [PEER] [--classes]: peer by peer the elements equal, different, missing and extra; with --classes each of them
// with an example and, for ReportStream, the verdict.
if (args.Length == 0 || !Directory.Exists(Path.Combine(args[0], "expected")))
{
    Console.Error.WriteLine("usage: FhirFacade.Comparison DATA [PEER] [--classes]      DATA holds messages/ and expected/pairs.csv");
    return 2;
}

var peer = args.Skip(1).FirstOrDefault(static a => !a.StartsWith('-'));
var verdicts = Verdicts.Load();
Console.WriteLine($"{"peer",-52}{"pairs",7}{"equal",9}{"different",11}{"missing",9}{"extra",8}");
foreach (var group in Pair.All(args[0]).Where(p => peer is null || p.Peer.Contains(peer, StringComparison.OrdinalIgnoreCase)).GroupBy(static p => p.Peer))
{
    var comparison = new PeerComparison();
    foreach (var pair in group)
    {
        comparison.Add(pair);
    }

    Console.WriteLine($"{group.Key,-52}{comparison.Pairs,7}{comparison.Count(Difference.Equal),9}{comparison.Count(Difference.Different),11}{comparison.Count(Difference.Missing),9}{comparison.Count(Difference.Extra),8}");
    if (!args.Contains("--classes"))
    {
        continue;
    }

    foreach (var c in comparison.Classes.Where(static c => c.Kind != Difference.Equal).OrderBy(static c => c.Kind).ThenBy(static c => c.Path, StringComparer.Ordinal))
    {
        var verdict = group.Key.Contains("reportstream", StringComparison.Ordinal) ? verdicts.Of(c) : null;
        Console.WriteLine($"{c.Kind}\t{c.Path}\t{c.Count}\t{c.Case}\t{c.Example}\t{verdict?.Whose}\t{verdict?.Reason}");
    }
}

return 0;
