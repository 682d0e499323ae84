using System.Text.Json.Nodes;
using FhirFacade.Server.Ingest.UsCore;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>What makes two resources alike as far as profiles go.</summary>
public sealed class ContentShapeTests
{
    private const string Glucose = """
        {"resourceType": "Observation", "id": "a", "meta": {"source": "urn:x:1"}, "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "2345-7"}], "text": "Glucose"},
         "effectivePeriod": {"start": "2026-03-09T08:00:00Z", "end": "2026-03-09T09:00:00Z"}, "valueQuantity": {"value": 98, "unit": "mg/dL"}, "referenceRange": [{"low": {"value": 70}, "high": {"value": 99}}]}
        """;

    [Theory]
    [InlineData("\"a\"", "\"b\"")]
    [InlineData("urn:x:1", "urn:x:2")]
    [InlineData("\"Glucose\"", "\"Blutzucker\"")]
    [InlineData("98", "5.25")]
    [InlineData("08:00:00Z", "07:30:10Z")]
    [InlineData(": 70", ": 60")]
    public void What_no_rule_looks_at_does_not_count(string from, string to) => Assert.Equal(Of(Glucose), Of(Glucose.Replace(from, to, StringComparison.Ordinal)));

    [Theory]
    [InlineData("2345-7", "2823-3")]
    [InlineData("final", "preliminary")]
    [InlineData("mg/dL", "mmol/L")]
    [InlineData("http://loinc.org", "http://snomed.info/sct")]
    [InlineData("98", "-98")]
    [InlineData("98", "0")]
    [InlineData("\"2026-03-09T08:00:00Z\"", "\"2026-03-09\"")]
    [InlineData("08:00:00Z", "10:00:00Z")]
    [InlineData(": 70", ": 170")]
    [InlineData(", \"text\": \"Glucose\"", "")]
    [InlineData("\"Glucose\"", "\" \"")]
    public void What_a_rule_may_look_at_counts(string from, string to) => Assert.NotEqual(Of(Glucose), Of(Glucose.Replace(from, to, StringComparison.Ordinal)));

    private static UInt128 Of(string json) => ContentShape.Of((JsonObject)JsonNode.Parse(json)!);
}
