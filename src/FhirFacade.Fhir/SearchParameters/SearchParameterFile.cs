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
        UsCore.Versions.Reverse().SelectMany(version => Read(DefinitionFiles.Lines(Name, "us-core/" + version))).Select(WithSystem);

    private static SearchParameter AsMeant(SearchParameter parameter) => parameter is { Url: Swapped, Components: [var relatesTo, var relation] }
        ? parameter with { Components = [relatesTo with { Expression = relation.Expression }, relation with { Expression = relatesTo.Expression }] }
        : parameter;

    /// <summary>US Core's tokens of extensions (race, ethnicity, gender-identity) stop at the code; the coding around it has the system as well.</summary>
    private static SearchParameter WithSystem(SearchParameter parameter) => parameter.Type != SearchParameterType.Token ? parameter
        : Ended(parameter, ".value.coding.code", ".value.ofType(CodeableConcept)") ?? Ended(parameter, ".value.code", ".value.ofType(Coding)") ?? parameter;

    private static SearchParameter? Ended(SearchParameter parameter, string end, string instead) =>
        parameter.Expression.EndsWith(end, StringComparison.Ordinal) ? parameter with { Expression = parameter.Expression[..^end.Length] + instead } : null;

    private static IEnumerable<SearchParameter> Read(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            yield return SearchParameterReader.Facts(document.RootElement);
        }
    }
}
