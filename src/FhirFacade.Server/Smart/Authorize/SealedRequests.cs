using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>Carries a checked request from page to page inside the form, so that nobody can change it on the way and the server keeps nothing of it.</summary>
public sealed class SealedRequests(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);
    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("smart.authorization-request").ToTimeLimitedDataProtector();

    /// <summary>The request as a text.</summary>
    public string Seal(AuthorizationRequest request) => protector.Protect(JsonSerializer.Serialize(request), Longest);

    /// <summary>The request; null if it was not sealed here, was changed, or is too old.</summary>
    public AuthorizationRequest? Open(string content)
    {
        try
        {
            return JsonSerializer.Deserialize<AuthorizationRequest>(protector.Unprotect(content));
        }
        catch (CryptographicException)
        {
            return null;    // whatever is wrong with it, there is no request
        }
    }
}
