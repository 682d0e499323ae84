using Microsoft.AspNetCore.Builder;

namespace FhirFacade.Server.Rest;

/// <summary>The routes of the FHIR API.</summary>
public static class RestEndpoints
{
    /// <summary>Maps the FHIR API under <c>/fhir</c> and puts the error and authorisation middleware before every route.</summary>
    public static void Map(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
