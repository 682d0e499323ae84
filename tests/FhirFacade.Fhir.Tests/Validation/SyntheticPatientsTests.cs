using System.Collections.Concurrent;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.Validation;
using Xunit;

namespace FhirFacade.Fhir.Tests.Validation;

/// <summary>All synthetic patients: through XML and back, and against the guide whose profiles they claim.</summary>
public sealed class SyntheticPatientsTests
{
    private const string Known = "known-errors.tsv";

    [Fact]
    public void All_synthetic_patients_come_back_from_XML_and_have_no_errors_but_those_that_are_listed()
    {
        var files = Directory.GetFiles(SharedData.Folder("fhir/synthea"), "*.bz2").OrderByDescending(file => new FileInfo(file).Length).ToList();
        Assert.True(files.Count >= 120, $"{files.Count}");
        var validator = ResourceValidator.R4.With(UsCore.Load("3.1.1"));
        var differences = new ConcurrentBag<string>();
        var errors = new ConcurrentBag<string>();
        Parallel.ForEach(Partitioner.Create(files, EnumerablePartitionerOptions.NoBuffering), file =>
        {
            var json = SharedData.Unpack(file);
            if (Xml.OfficialExamplesTests.Difference(json) is { } difference)
            {
                differences.Add($"{Path.GetFileName(file)} {difference}");
            }

            using var parsed = ResourceParser.Parse(json, new ResourceLimits(256 << 20, 64));
            foreach (var issue in validator.Validate(parsed.Document!.RootElement).Where(issue => issue.IsError))
            {
                errors.Add($"{Path.GetFileName(file)}\t{issue.Expression}");
            }
        });

        Assert.Empty(differences);
        Assert.Equal(Listed(), errors.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Listed() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Validation", Known)).Where(line => line.Length > 0 && line[0] != '#').Order(StringComparer.Ordinal);
}
