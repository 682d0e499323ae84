using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Packages;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>Reads the files <c>search-parameters.jsonl</c> below <c>conformance</c>, one parameter a line, as built into this assembly.</summary>
internal static class SearchParameterFile
{
    private const string Name = "search-parameters.jsonl";

    // R4 gives the two components each other's expression: the reference would be read from a code, and the code from a reference.
    private const string Swapped = "http://hl7.org/fhir/SearchParameter/DocumentReference-relationship";

    public static IEnumerable<SearchParameter> ReadR4() => Read(DefinitionFiles.Lines(Name)).Select(AsMeant);

    /// <summary>Those of every version that is built in, newest first.</summary>
    public static IEnumerable<SearchParameter> ReadUsCore() =>
        UsCore.Versions.Reverse().SelectMany(version => Read(DefinitionFiles.Lines(Name, "us-core/" + version)));

    private static SearchParameter AsMeant(SearchParameter parameter) => parameter is { Url: Swapped, Components: [var relatesTo, var relation] }
        ? parameter with { Components = [relatesTo with { Expression = relation.Expression }, relation with { Expression = relatesTo.Expression }] }
        : parameter;

    private static IEnumerable<SearchParameter> Read(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            yield return SearchParameterReader.Facts(document.RootElement);
        }
    }
}
