using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using Xunit;

namespace FhirFacade.Fhir.Tests.Validation;

public sealed class UsCoreExamplesTests
{
    /// <summary>Examples that break rules; each with what it breaks.</summary>
    private static readonly string[] Wrong =
    [
        // 13 characters are no base64; the example shortened its hash with dots.
        "3.1.1 DiagnosticReport/cardiology-report DiagnosticReport.presentedForm[0].hash",

        // The profile fixes L/min for a component and inherits a required value set of units without it.
        "3.1.1 Observation/satO2-fiO2 Observation.component[0].value.ofType(Quantity)",

        // Entries whose fullUrl ends with another id than the resource has.
        "3.1.1 Bundle/66c8856b-ba11-4876-8aa8-467aad8c11a2 Bundle.entry[2].fullUrl",
        "6.1.0 Bundle/66c8856b-ba11-4876-8aa8-467aad8c11a2 Bundle.entry[2].fullUrl",
        "6.1.0 Bundle/docref-example-2 Bundle.entry[2].fullUrl",
    ];

    [Theory]
    [InlineData("us_core_311.tgz", "3.1.1", 75)]
    [InlineData("us_core_610.tgz", "6.1.0", 160)]
    [InlineData("us_core_700.tgz", "7.0.0", 185)]
    public void The_examples_conform_to_the_profiles_that_they_claim(string file, string version, int least)
    {
        var examples = new UsCoreExamples(file);
        Assert.True(examples.ByReference.Count >= least, $"{examples.ByReference.Count}");

        var found = examples.ByReference.SelectMany(example => examples.Validator.Validate(example.Value, examples.Request)
            .Where(issue => issue.IsError).Select(issue => $"{version} {example.Key} {issue.Expression}"));

        Assert.Equal(Wrong.Where(line => line.StartsWith(version, StringComparison.Ordinal)).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("us_core_311.tgz", 170)]
    [InlineData("us_core_610.tgz", 330)]
    [InlineData("us_core_700.tgz", 360)]
    public void An_example_that_is_broken_in_one_place_is_reported_there(string file, int least)
    {
        var examples = new UsCoreExamples(file);
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (reference, example) in examples.ByReference)
        {
            var sound = examples.Validator.Validate(example, examples.Request).Where(issue => issue.IsError).Select(issue => issue.Expression).ToHashSet();
            foreach (var profile in Claims(example).Select(examples.Validator.Profiles.Find).OfType<Profile>())
            {
                foreach (var mutation in UsCoreMutations.Of(example, profile).Where(mutation => !sound.Contains(mutation.Location) && done.Add($"{profile.Url} {mutation.What} {mutation.Location}")))
                {
                    using var broken = JsonDocument.Parse(mutation.Resource.ToJsonString());
                    var issues = examples.Validator.Validate(broken.RootElement, examples.Request).Where(issue => issue.IsError).ToList();
                    Assert.True(
                        issues.Exists(issue => issue.Expression == mutation.Location),
                        $"{reference}, {profile.Url}: {mutation.What} at {mutation.Location} gave {string.Join("; ", issues.Select(issue => issue.Expression))}");
                }
            }
        }

        Assert.True(done.Count >= least, $"{done.Count} mutations");
    }

    private static IEnumerable<string> Claims(JsonElement resource) =>
        resource.TryGetProperty("meta", out var meta) && meta.TryGetProperty("profile", out var profiles) ? profiles.EnumerateArray().Select(profile => profile.GetString()!) : [];
}
