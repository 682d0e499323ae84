using System.Security.Claims;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Async;

namespace FhirFacade.Server.Rest.Async;

/// <summary>Takes down who made a request, and brings them back when it is carried out.</summary>
internal static class AsyncCallers
{
    /// <summary>The caller, by the claims of the token that was checked.</summary>
    public static AsyncCaller Of(ClaimsPrincipal principal, string clientId, string subject) =>
        new(clientId, subject, [.. principal.Claims.Select(claim => KeyValuePair.Create(claim.Type, claim.Value))]);

    /// <summary>The same caller again.</summary>
    public static ClaimsPrincipal ToPrincipal(this AsyncCaller caller, SmartSettings settings) =>
        GrantFactory.Restore(caller.Claims.Select(claim => new Claim(claim.Key, claim.Value)), settings);
}
