using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Validation;
using FhirFacade.Server.Rest;
using FhirFacade.Storage.Search.Index;
using FhirFacade.TestSupport;

namespace FhirFacade.Benchmarks;

/// <summary>What this process alone does with each resource of an import, step by step on one core: what no database can make faster.</summary>
public static class ImportStages
{
    /// <summary>Goes over a third of the patients twice, and prints the second time to standard output.</summary>
    public static async Task RunAsync()
    {
        var bundles = new List<byte[]>();
        foreach (var path in SyntheaFiles.Paths.Where((_, i) => i % 3 == 0))
        {
            bundles.Add(await SyntheaFiles.ReadAsync(path));
        }
        for (var round = 0; round < 2; round++)
        {
            Round(bundles, print: round == 1);
        }
    }

    private static void Round(List<byte[]> bundles, bool print)
    {
        var documents = bundles.ConvertAll(_ => default(JsonElement));
        Measure("parse", () =>
        {
            for (var i = 0; i < bundles.Count; i++)
            {
                using var parsed = ResourceParser.Parse(bundles[i], new ResourceLimits(int.MaxValue, 64));
                documents[i] = parsed.Document!.RootElement.Clone();
            }
        });
        var entries = documents.SelectMany(d => d.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource"))).ToList();
        var names = documents.SelectMany(d => d.GetProperty("entry").EnumerateArray()).GroupBy(e => e.GetProperty("fullUrl").GetString()!)
            .ToDictionary(g => g.Key, g => $"{g.First().GetProperty("resource").GetProperty("resourceType").GetString()}/{g.Key[9..]}", StringComparer.Ordinal);
        Measure("structure", () => entries.ForEach(e => StructureValidator.Validate(e)));
        Measure("everything", () => entries.ForEach(e => ResourceValidator.R4.Validate(e)));
        Measure("conditional references", () => entries.ForEach(e => _ = ReferenceRewriter.Conditional(JsonMarshal.GetRawUtf8Value(e))));
        var rewriter = new ReferenceRewriter(names);
        var rewritten = entries;
        Measure("rewrite", () => rewritten = entries.ConvertAll(e => JsonElement.Parse(rewriter.Rewrite(JsonMarshal.GetRawUtf8Value(e).ToArray(), "Patient", null).Span)));
        Measure("hash", () => rewritten.ForEach(e => ResourceContent.Hash(e)));
        Measure("extract", () => rewritten.ForEach(e => FhirFacade.Fhir.SearchParameters.SearchIndexer.Extract(e.GetProperty("resourceType").GetString()!, e)));
        Measure("index row (with extract)", () => rewritten.ForEach(e => IndexRow.From(e.GetProperty("resourceType").GetString()!, "x", e)));
        Measure("compartment", () => rewritten.ForEach(e => PatientCompartment.Of(e.GetProperty("resourceType").GetString()!, e)));
        Measure("stamp", () => rewritten.ForEach(e => ResourceContent.Stamp(e, "x", 1, DateTimeOffset.UnixEpoch)));

        void Measure(string name, Action work)
        {
            var before = GC.GetTotalAllocatedBytes();
            var clock = Stopwatch.StartNew();
            work();
            if (print)
            {
                var of = Math.Max(1, documents.Sum(d => d.ValueKind == JsonValueKind.Undefined ? 0 : d.GetProperty("entry").GetArrayLength()));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28} {clock.Elapsed.TotalMicroseconds / of,8:F1} us a resource   {(GC.GetTotalAllocatedBytes() - before) / of,8} bytes"));
            }
        }
    }
}
