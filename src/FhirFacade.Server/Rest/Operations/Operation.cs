using FhirFacade.Fhir.Access;
using FhirFacade.Server.Render;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Operations;

/// <summary>What every operation begins with: who asks, how the answer is to be written, with which parameters.</summary>
/// <param name="Http">The request.</param>
/// <param name="Grant">What the caller may touch.</param>
/// <param name="Rendering">How the answer is written.</param>
/// <param name="Input">The parameters.</param>
internal sealed record Operation(HttpContext Http, AccessGrant Grant, Rendering Rendering, OperationInput Input)
{
    /// <summary>Reads the request; then the operation, and whatever it refuses becomes an OperationOutcome.</summary>
    public static async Task RunAsync(HttpContext http, ContentCheck check, Func<Operation, Task<Refusal?>> run)
    {
        var (rendering, refusal) = Format.Negotiate(http.Request);
        OperationInput? input = null;
        if (refusal is null)
        {
            (input, refusal) = await OperationInput.ReadAsync(http, check);
        }
        refusal ??= await run(new Operation(http, GrantFactory.From(http.User), rendering!, input!));
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
        }
    }
}
