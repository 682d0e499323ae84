using System.Text.Json;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.SearchParameters;
using Xunit;

namespace FhirFacade.Fhir.Tests.SearchParameters;

public sealed class OfficialExamplesTests(ITestOutputHelper output)
{
    /// <summary>What expressions find in the examples that holds nothing to search by.</summary>
    private static readonly string[] withoutValue =
    [
        // A component is missing, or is one of the following.
        "Composite of Group.characteristic", "Composite of MolecularSequence.referenceSeq", "Composite of MolecularSequence.variant",
        "Composite of Observation", "Composite of Observation.component", "Composite of UsageContext",

        // Neither bounds nor events; free text where a date may stand.
        "Date of Timing", "Date of string",

        // No reference: an attachment in its place, a contained resource, a resource without an id, only a display.
        "Reference of Attachment", "Reference of DiagnosticReport", "Reference of DocumentReference", "Reference of Patient", "Reference of Reference",

        // No value, or only extensions.
        "Token of Identifier", "Token of boolean",
    ];

    [Fact]
    public void Extraction_of_every_official_example_gives_an_id_and_values_of_known_parameters()
    {
        var (resources, values) = (0, 0);
        foreach (var resource in Examples())
        {
            var type = resource.GetProperty("resourceType").GetString()!;
            var found = SearchIndexer.Extract(type, resource);
            resources++;
            values += found.Length;
            Assert.All(found, value => Assert.NotNull(SearchParameterSet.BuiltIn.Find(type, value.Parameter)));
            Assert.Equal(found.Length, found.Distinct().Count());
            Assert.Equal(resource.TryGetProperty("id", out _), found.Any(value => value.Parameter == "_id"));
            _ = PatientCompartment.Of(type, resource);
        }

        output.WriteLine($"{values} values of {resources} resources");
        Assert.True(resources > 700);
    }

    /// <summary>
    /// Each expression as it is written, over each example of its types, against what the indexer makes of its parts. Nothing
    /// found is nothing indexed; what is found and not indexed has nothing that a search could name.
    /// </summary>
    [Fact]
    public void Every_expression_runs_over_every_example_without_an_error_and_the_indexer_finds_what_it_finds()
    {
        var compiled = SearchParameterSet.BuiltIn.All.Where(p => p.Expression.Length > 0)
            .ToDictionary(p => p.Url, p => FhirPathExpression.Compile(p.Expression, FhirPathDialect.Search));
        var (pairs, found, examples) = (new HashSet<(string, string)>(), new HashSet<(string, string)>(), new HashSet<string>());
        var silent = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var resource in Examples())
        {
            var type = resource.GetProperty("resourceType").GetString()!;
            examples.Add(type);
            var indexed = SearchIndexer.Extract(type, resource).Select(value => value.Parameter).ToHashSet();
            foreach (var parameter in SearchParameterSet.BuiltIn.For(type).Where(p => p.Expression.Length > 0))
            {
                pairs.Add((type, parameter.Code));
                var items = compiled[parameter.Url].Evaluate(resource);
                if (items.Count > 0)
                {
                    found.Add((type, parameter.Code));
                }

                Assert.True(items.Count > 0 || !indexed.Contains(parameter.Code), $"{type}.{parameter.Code}");
                if (items.Count > 0 && !indexed.Contains(parameter.Code))
                {
                    silent.Add($"{parameter.Type} of {items[0].TypeName}");
                }
            }
        }

        output.WriteLine($"{compiled.Count} expressions; {found.Count} of {pairs.Count} parameters of the {examples.Count} types with examples find something: {string.Join(", ", silent)}");
        Assert.True(found.Count > 1400);
        Assert.Equal(withoutValue, silent);
    }

    private static IEnumerable<JsonElement> Examples()
    {
        foreach (var path in Directory.EnumerateFiles(SharedData.Folder("fhir/r4-examples"), "*.json"))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            yield return document.RootElement;
        }
    }
}
