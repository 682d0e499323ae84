using System.Text;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Xml;
using Xunit;

namespace FhirFacade.Fhir.Tests.Xml;

public sealed class OfficialExamplesTests
{
    [Fact]
    public void The_examples_of_the_specification_come_back_from_XML_as_they_were()
    {
        var files = Directory.GetFiles(SharedData.Folder("fhir/r4-examples"), "*.json");
        Assert.True(files.Length > 700);
        Assert.Equal([], files.Select(file => (Path.GetFileName(file), Difference(File.ReadAllBytes(file)))).Where(pair => pair.Item2 is not null));
    }

    [Fact]
    public void Transaction_bundles_of_whole_patients_come_back_from_XML_as_they_were() =>
        Assert.Null(Difference(File.ReadAllBytes(Path.Combine(SharedData.Folder("fhir/us-core-patients"), "uscore_bundle_patient_85.json"))));

    /// <summary>Null where JSON -> XML -> JSON gives the same canonical bytes, else what is wrong.</summary>
    internal static string? Difference(byte[] json)
    {
        using var before = ResourceParser.Parse(json, new ResourceLimits(256 << 20, 64));
        var written = XmlResourceWriter.Write(before.Document!.RootElement);
        if (written.Xml is null)
        {
            return "not written: " + written.Issues[0];
        }

        var read = XmlResourceReader.Read(written.Xml, new ResourceLimits(256 << 20, 64));
        if (read.Resource is null)
        {
            return "not read: " + read.Issues[0];
        }

        using var after = ResourceParser.Parse(read.ToJson(), new ResourceLimits(256 << 20, 64));
        var (expected, actual) = (CanonicalJson.ToBytes(before.Document.RootElement), CanonicalJson.ToBytes(after.Document!.RootElement));
        if (expected.AsSpan().SequenceEqual(actual))
        {
            return null;
        }

        var at = Math.Max(0, expected.AsSpan().CommonPrefixLength(actual) - 40);
        return $"differs: {Encoding.UTF8.GetString(expected.AsSpan(at)[..Math.Min(120, expected.Length - at)])} <> {Encoding.UTF8.GetString(actual.AsSpan(at)[..Math.Min(120, actual.Length - at)])}";
    }
}
