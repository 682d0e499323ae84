using FhirFacade.Fhir.FhirPath.Checking;
using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>Which FHIR types each kind of search parameter can be made of: the tables of https://hl7.org/fhir/R4/search.html#ptypes</summary>
internal static class SearchedTypes
{
    /// <summary>Whether one of the types can be searched in this way; true where the types are not known before evaluation.</summary>
    public static bool Allow(SearchParameterType search, StaticType found) =>
        !found.IsKnown || found.Types.Any(type => Allow(search, type));

    private static bool Allow(SearchParameterType search, ModelType type) => search switch
    {
        SearchParameterType.Number => type.Kind is SystemKind.Integer or SystemKind.Decimal || type.Name == "Range",
        SearchParameterType.Date => type.Kind is SystemKind.Date or SystemKind.DateTime || type.Name is "Period" or "Timing",
        SearchParameterType.String => type.Kind == SystemKind.String || type.Name is "HumanName" or "Address" or "CodeableConcept",
        SearchParameterType.Token => type.IsPrimitive || type.Name is "CodeableConcept" or "Coding" or "Identifier" or "ContactPoint",
        SearchParameterType.Reference => type.Name == "Reference" || type.IsResource || type.IsA("uri"),
        SearchParameterType.Quantity => type.Kind == SystemKind.Quantity || type.Name is "Money" or "Range" or "SampledData",
        SearchParameterType.Uri => type.IsA("uri"),
        _ => true,
    };
}
