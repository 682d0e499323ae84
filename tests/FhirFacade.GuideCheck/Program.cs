using FhirFacade.GuideCheck;

if (args is not [var guide, var tables])
{
    Console.Error.WriteLine("usage: FhirFacade.GuideCheck GUIDE TABLES");
    Console.Error.WriteLine("  GUIDE   folder with the published guide's messages, segments, datatypes and codesystems");
    Console.Error.WriteLine("  TABLES  conformance/v2-to-fhir");
    return 2;
}

var ledger = new Ledger(guide, tables);
var summary = new List<string>();
var wrong = 0;
foreach (var kind in GuideReader.Read(guide).GroupBy(static r => r.Kind))
{
    var fates = new Dictionary<Fate, int>();
    foreach (var row in kind)
    {
        var (fate, text) = ledger.Of(row);
        fates[fate] = fates.GetValueOrDefault(fate) + 1;
        Console.WriteLine($"{fate,-12} {row.Key}  ({text})");
    }

    var unexplained = fates.GetValueOrDefault(Fate.Unexplained) + fates.GetValueOrDefault(Fate.Contradicted);
    wrong += unexplained;
    summary.Add($"{kind.Key,-10} {kind.Count(),6} {fates.GetValueOrDefault(Fate.Carried) + fates.GetValueOrDefault(Fate.Elsewhere),8} {fates.GetValueOrDefault(Fate.Elsewhere),11} {fates.GetValueOrDefault(Fate.LeftOut),8} {unexplained,11}");
}

Console.WriteLine($"{"kind",-10} {"rows",6} {"carried",8} {"(elsewhere)",11} {"left out",8} {"unexplained",11}");
summary.ForEach(Console.WriteLine);
return wrong == 0 ? 0 : 1;
