using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>The combinations of parameters that US Core asks for, with values of resources that have them all.</summary>
internal static class UsCoreSearches
{
    private const int OfEach = 4;

    public static IEnumerable<(string Type, string Query)> Of(string data, NaiveSearch naive)
    {
        foreach (var (type, codes) in Required(Path.Combine(data, "fhir", "us-core-requirements-6.1.0.txt")).DistinctBy(r => r.Type + "?" + string.Join('+', r.Codes)))
        {
            var random = new RandomQuery(naive, 1);
            var examples = naive.Resources.Where(r => r.Type == type && codes.All(code => r.Values.Any(v => v.Parameter == code && IsPlain(v)))).ToList();
            foreach (var example in examples.Where((_, i) => i % Math.Max(1, examples.Count / OfEach) == 0).Take(OfEach))
            {
                var criteria = codes.Select(code => code + "=" + random.Plain(example.Values.First(v => v.Parameter == code && IsPlain(v))));
                yield return (type, string.Join('&', criteria) + "&_total=accurate&_revinclude=Provenance:target");
            }
        }
    }

    // A text with commas or bars is not meant here.
    private static bool IsPlain(IndexValue value) => value is not TokenValue { Code.Length: 0 } and not TypedIdentifierValue;

    private static IEnumerable<(string Type, string[] Codes)> Required(string file)
    {
        var type = "";
        foreach (var line in File.ReadLines(file))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                type = line[3..].Split(' ')[0];
            }
            else if (line.StartsWith("  search SH", StringComparison.Ordinal))
            {
                yield return (type, line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2].Split('+'));
            }
        }
    }
}
