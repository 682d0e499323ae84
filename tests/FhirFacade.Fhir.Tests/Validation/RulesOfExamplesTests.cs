using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.Validation;
using Xunit;

namespace FhirFacade.Fhir.Tests.Validation;

/// <summary>Real resources against all rules: invariants, bindings, extensions, profiles.</summary>
public sealed class RulesOfExamplesTests
{
    /// <summary>Errors that are the examples' own, by file and place.</summary>
    private static readonly string[] Wrong =
    [
        // Modifier extensions that are made up for the example; who does not know one must not go on.
        .. Enumerable.Range(0, 3).Select(index => $"basic-example.json Basic.modifierExtension[{index}]"),
        .. Enumerable.Range(0, 2).Select(index => $"json-edge-cases.json Patient.modifierExtension[{index}]"),

        // A DeviceMetric's parent is a Device; the example's is a DeviceDefinition.
        "devicemetric-example.json DeviceMetric.parent",

        // Its fullUrls end with lri-gramstain1 where the resource's id is gramstain1, and so on for all the others.
        .. Enumerable.Range(1, 16).Select(entry => $"diagnosticreport-example-lri.json Bundle.entry[{entry}].fullUrl"),

        // A fullUrl that ends with pat12 for a resource of the id pat2.
        "message-request-link.json Bundle.entry[2].fullUrl",
        "message-response-link.json Bundle.entry[3].fullUrl",
    ];

    [Fact]
    public void The_examples_of_the_specification_keep_its_rules_but_for_those_that_break_them()
    {
        var found = new List<string>();
        foreach (var file in Directory.GetFiles(SharedData.Folder("fhir/r4-examples"), "*.json"))
        {
            using var parsed = ResourceParser.Parse(File.ReadAllBytes(file));
            found.AddRange(ResourceValidator.R4.Validate(parsed.Document!.RootElement)
                .Where(issue => issue.IsError || issue.Code == IssueType.Exception).Select(issue => $"{Path.GetFileName(file)} {issue.Expression}"));
        }

        Assert.Equal(Wrong.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("3.1.1", "Bundle.entry[183].resource.participant[3].member", "Bundle.entry[233].resource.component[0].value.ofType(Quantity)", "Bundle.entry[266].resource.effective.ofType(Period).stop", "Bundle.entry[443].resource.value.ofType(CodeableConcept)")]
    [InlineData("6.1.0", "Bundle.entry[266].resource.effective.ofType(Period).stop", "Bundle.entry[443].resource.value.ofType(CodeableConcept)")]
    [InlineData("7.0.0", "Bundle.entry[266].resource.effective.ofType(Period).stop")]
    public void A_bundle_of_two_guides_ages_shows_what_the_older_guide_forbade(string version, params string[] expected)
    {
        var validator = ResourceValidator.R4.With(UsCore.Load(version));
        var found = Directory.GetFiles(SharedData.Folder("fhir/us-core-patients"), "*.json").SelectMany(file =>
        {
            using var parsed = ResourceParser.Parse(File.ReadAllBytes(file));
            return validator.Validate(parsed.Document!.RootElement).Where(issue => issue.IsError).Select(issue => issue.Expression!).ToList();
        });

        Assert.Equal(expected, found.Order(StringComparer.Ordinal));
    }
}
