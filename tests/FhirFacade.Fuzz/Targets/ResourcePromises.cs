using System.Text.Json;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.Validation;
using FhirFacade.Fhir.Xml;

namespace FhirFacade.Fuzz.Targets;

/// <summary>What holds of every resource that the parser lets through.</summary>
internal static class ResourcePromises
{
    private static readonly Lazy<ResourceValidator> Validator = new(() => ResourceValidator.R4.With(UsCore.Load("6.1.0")));

    /// <summary>Validates, writes and reads a resource in every way.</summary>
    public static void Hold(JsonElement resource, bool allRules)
    {
        var structure = StructureValidator.Validate(resource);
        Told(structure);
        if (allRules)
        {
            Told(Validator.Value.Validate(resource));
        }

        _ = SearchIndexer.Extract(resource.GetProperty("resourceType").GetString()!, resource);
        FuzzViolation.Unless(ResourceContent.Hash(resource).Length == ResourceContent.HashLength, "a hash has its length");
        var canonical = CanonicalJson.ToBytes(resource);
        using (var again = ResourceParser.Parse(canonical))
        {
            FuzzViolation.Unless(again.Document is not null, "canonical JSON is read again");
            FuzzViolation.Unless(CanonicalJson.ToBytes(again.Document!.RootElement).AsSpan().SequenceEqual(canonical), "canonical JSON is its own canonical form");
        }

        InXml(resource, canonical, structure.IsEmpty);
    }

    /// <summary>Written as XML, where that can be, a resource is read again as it was.</summary>
    private static void InXml(JsonElement resource, byte[] canonical, bool isSound)
    {
        var written = XmlResourceWriter.Write(resource);
        FuzzViolation.Unless((written.Xml is null) != written.Issues.IsEmpty, "XML or issues");
        if (written.Xml is null)
        {
            Told(written.Issues);
            return;
        }

        var read = XmlResourceReader.Read(written.Xml);
        if (read.Resource is null)
        {
            FuzzViolation.Unless(!isSound, "XML of a sound resource is read again");
            Told(read.Issues);
            return;
        }

        using var back = ResourceParser.Parse(read.ToJson());
        FuzzViolation.Unless(back.Document is not null, "JSON out of XML is read");
        FuzzViolation.Unless(!isSound || CanonicalJson.ToBytes(back.Document!.RootElement).AsSpan().SequenceEqual(canonical), "a sound resource comes back from XML as it was");
    }

    /// <summary>Issues can be sent to a client.</summary>
    public static void Told(IReadOnlyCollection<Issue> issues)
    {
        if (issues.Count > 0)
        {
            using var outcome = JsonDocument.Parse(OperationOutcome.ToJson(issues));
        }
    }
}
