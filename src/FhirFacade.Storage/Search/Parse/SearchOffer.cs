using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>Which of the defined search parameters can be searched by.</summary>
public static class SearchOffer
{
    /// <summary>Whether the parameter is offered, as the CapabilityStatement says.</summary>
    public static bool Includes(SearchParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Type switch
        {
            SearchParameterType.Composite => !CompositeParameters.PartsOf(parameter).IsEmpty,
            SearchParameterType.Special => parameter.Code == "near",
            _ => parameter.Expression.Length > 0,
        };
    }
}
