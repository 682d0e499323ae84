using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Validation;
using Xunit;

namespace FhirFacade.Fhir.Tests.Validation;

public sealed class OfficialExamplesTests
{
    /// <summary>Examples that break the specification they come with.</summary>
    private static readonly Dictionary<string, string> Wrong = new(StringComparer.Ordinal)
    {
        // DeviceMetric.parent may lead to a Device; the example's leads to a DeviceDefinition.
        ["devicemetric-example.json"] = "DeviceMetric.parent",
    };

    [Fact]
    public void The_examples_of_the_specification_have_no_issues_but_those_that_are_theirs()
    {
        var files = Directory.GetFiles(SharedData.Folder("fhir/r4-examples"), "*.json");
        Assert.True(files.Length > 700);

        var found = new List<string>();
        foreach (var file in files)
        {
            using var parsed = ResourceParser.Parse(File.ReadAllBytes(file));
            var issues = parsed.Document is null ? parsed.Issues : StructureValidator.Validate(parsed.Document.RootElement);
            found.AddRange(issues.Select(issue => $"{Path.GetFileName(file)} {issue.Expression}"));
        }

        Assert.Equal(Wrong.Select(pair => $"{pair.Key} {pair.Value}"), found);
    }

    [Fact]
    public void Transaction_bundles_of_whole_patients_have_no_issues_but_their_own()
    {
        using var clean = ResourceParser.Parse(File.ReadAllBytes(Path.Combine(SharedData.Folder("fhir/us-core-patients"), "uscore_bundle_patient_85.json")));
        Assert.Empty(StructureValidator.Validate(clean.Document!.RootElement));

        // Its maker wrote Period.stop for Period.end.
        using var wrong = ResourceParser.Parse(File.ReadAllBytes(Path.Combine(SharedData.Folder("fhir/us-core-patients"), "uscore_bundle_patient_355.json")));
        Assert.Equal("Bundle.entry[266].resource.effective.ofType(Period).stop", Assert.Single(StructureValidator.Validate(wrong.Document!.RootElement)).Expression);
    }
}
