using System.Text.Json.Nodes;
using FhirFacade.Fhir.Consents;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Storage.Search.Index;

namespace FhirFacade.Storage.Consents;

/// <summary>
/// A security label of a provision as terms of <c>_security</c>. A label covers what lies below it in its code system. Degrees of confidentiality are a water mark: what is
/// permitted up to a degree is permitted below it, what is denied from a degree on is denied above it; a resource without one counts as normal.
/// </summary>
internal static class ConsentLabel
{
    private const string Parameter = "_security";
    private const string Confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

    // From the least to the greatest.
    private static readonly string[] Degrees = ["U", "L", "M", "N", "R", "V"];

    private static readonly int Normal = Array.IndexOf(Degrees, "N");

    public static JsonObject ToJson(ConsentCode label, bool denies)
    {
        if (label.System == Confidentiality && Array.IndexOf(Degrees, label.Code) is >= 0 and var degree)
        {
            return denies
                ? With(Any(Degrees[degree..]), degree <= Normal ? Any(Degrees) : null)
                : degree >= Normal
                    ? new JsonObject { ["none"] = Any(Degrees[(degree + 1)..]) }
                    : new JsonObject { ["any"] = Any(Degrees[..(degree + 1)]), ["none"] = Any(Degrees[(degree + 1)..]) };
        }

        return label.System is null
            ? denies ? With(Numbers([Terms.TokenCode(Parameter, label.Code)]), null) : new JsonObject { ["unknown"] = true }
            : With(Numbers(Branch(label.System, label.Code).SelectMany(code => Named(label.System, code))), null);
    }

    private static JsonObject With(JsonArray any, JsonArray? bare)
    {
        var json = new JsonObject { ["any"] = any };
        if (bare is not null)
        {
            json["bare"] = bare;
        }

        return json;
    }

    private static JsonArray Any(IEnumerable<string> degrees) => Numbers(degrees.SelectMany(degree => Named(Confidentiality, degree)));

    // A label without a system may be of any.
    private static IEnumerable<long> Named(string system, string code) => [Terms.Token(Parameter, system, code), Terms.Token(Parameter, null, code)];

    private static IEnumerable<string> Branch(string system, string code) =>
        TerminologySet.R4.CodeSystem(system) is { Concepts: { } concepts } codes && codes.Contains(code) == true
            ? concepts.Where(concept => codes.IsA(concept.Code, code) == true).Select(concept => concept.Code).Append(code).Distinct()
            : [code];

    private static JsonArray Numbers(IEnumerable<long> terms) => new([.. terms.Select(JsonNode (term) => JsonValue.Create(term))]);
}
