using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using FhirFacade.Hl7v2.Framing;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation;

namespace FhirFacade.Comparison;

/// <summary>Elements of one peer's bundle beside ours, counted by element and difference.</summary>
public sealed class PeerComparison
{
    private readonly Dictionary<(Difference Kind, string Path), DifferenceClass> _classes = [];

    /// <summary>How many pairs have been compared.</summary>
    public int Pairs { get; private set; }

    /// <summary>Elements by difference.</summary>
    public IEnumerable<DifferenceClass> Classes => _classes.Values;

    /// <summary>Elements of one kind of difference.</summary>
    public int Count(Difference kind) => _classes.Where(c => c.Key.Kind == kind).Sum(static c => c.Value.Count);

    /// <summary>Translates the message with the default profile and compares what comes out.</summary>
    public void Add(Pair pair)
    {
        Pairs++;
        var theirs = ByPath(Elements.Of(Bundle(pair.Expected)));
        var ours = ByPath(Elements.Of(Translate(pair.Message)));
        foreach (var path in theirs.Keys.Union(ours.Keys, StringComparer.Ordinal))
        {
            Compare(path, theirs.GetValueOrDefault(path) ?? [], ours.GetValueOrDefault(path) ?? [], pair.Case);
        }
    }

    // Values of one path as bags: what is left on both sides is different, what is left on one is missing or extra.
    private void Compare(string path, List<string> theirs, List<string> ours, string example)
    {
        var left = new List<string>(theirs);
        var right = new List<string>();
        foreach (var value in ours)
        {
            if (left.Remove(value))
            {
                Count(Difference.Equal, path, 1, example, null);
            }
            else
            {
                right.Add(value);
            }
        }

        // The same value in more places than the peer has it is no difference in what is said.
        right.RemoveAll(theirs.Contains);
        left.RemoveAll(ours.Contains);
        var both = Math.Min(left.Count, right.Count);
        Count(Difference.Different, path, both, example, both > 0 ? $"{left[0]} | {right[0]}" : null);
        Count(Difference.Missing, path, left.Count - both, example, left.Count > both ? left[both] : null);
        Count(Difference.Extra, path, right.Count - both, example, right.Count > both ? right[both] : null);
    }

    private void Count(Difference kind, string path, int count, string example, string? value)
    {
        if (count == 0)
        {
            return;
        }

        if (!_classes.TryGetValue((kind, path), out var found))
        {
            _classes.Add((kind, path), found = new DifferenceClass(kind, path, example, value));
        }

        found.Count += count;
    }

    private static Dictionary<string, List<string>> ByPath(List<Element> elements) =>
        elements.GroupBy(static e => e.Path, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Select(static e => e.Value).ToList(), StringComparer.Ordinal);

    private static Dictionary<string, JsonObject> Bundle(string file)
    {
        var bundle = JsonNode.Parse(File.ReadAllBytes(file)) as JsonObject ?? [];
        var resources = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var entry in bundle["entry"] as JsonArray ?? [])
        {
            if (entry?["resource"] is JsonObject resource)
            {
                resources[(string?)entry["fullUrl"] ?? $"{resource["resourceType"]}/{resource["id"]}"] = resource;
            }
        }

        return resources;
    }

    private static Dictionary<string, JsonObject> Translate(string file)
    {
        var resources = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var part in BatchReader.Read(File.ReadAllBytes(file)).Messages)
        {
            if (Hl7Message.Parse(part.Bytes).Message is not { } message)
            {
                continue;
            }

            foreach (var made in Translator.Default.Translate(message, FeedProfile.Default).Resources)
            {
                resources[made.Reference] = made.Mode == TranslationMode.Merge ? MergePatch.Apply(null, made.Content) : made.Content;
            }
        }

        return resources;
    }
}
