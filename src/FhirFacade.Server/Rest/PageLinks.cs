using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace FhirFacade.Server.Rest;

/// <summary>What a page link stands for.</summary>
/// <param name="Parameters">The parameters of the first request that had an effect.</param>
/// <param name="Cursor">Where the page begins, in the words of whoever made it; empty for the first page.</param>
public sealed record PageState(IReadOnlyList<KeyValuePair<string, string>> Parameters, string Cursor);

/// <summary>Makes and opens page links: encrypted and authenticated, of use only to the grant that they were made for.</summary>
/// <remarks>
/// The link holds no readable parameter, since addresses end up in logs. Opening one gives nothing by itself: its parameters
/// are planned again with the grant of the request that brings it.
/// </remarks>
public sealed class PageLinks(IDataProtectionProvider protection)
{
    /// <summary>The query parameter that carries the state.</summary>
    public const string Parameter = "_page";

    /// <summary>The state among the parameters of a request, or null.</summary>
    public static string? In(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (var (name, value) in parameters)
        {
            if (name == Parameter)
            {
                return value;
            }
        }
        return null;
    }

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The text of <see cref="Parameter"/> for a state.</summary>
    /// <param name="route">What is paged, such as <c>search Observation</c>; the link works nowhere else.</param>
    /// <param name="grant">For whom.</param>
    /// <param name="state">What to come back to.</param>
    public string Seal(string route, AccessGrant grant, PageState state) =>
        WebEncoders.Base64UrlEncode(Protector(route, grant).Protect(JsonSerializer.SerializeToUtf8Bytes(state), Lifetime));

    /// <summary>The state, or null if the text was not made by this server for this route and grant, or is too old.</summary>
    public PageState? Open(string route, AccessGrant grant, string text)
    {
        try
        {
            var state = Protector(route, grant).Unprotect(WebEncoders.Base64UrlDecode(text), out _);
            return JsonSerializer.Deserialize<PageState>(state);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private ITimeLimitedDataProtector Protector(string route, AccessGrant grant) =>
        protection.CreateProtector("FhirFacade.PageLinks", route, Fingerprint(grant)).ToTimeLimitedDataProtector();

    private static string Fingerprint(AccessGrant grant)
    {
        var scopes = grant.Rules.Select(r => r.ToScope()).Order(StringComparer.Ordinal);
        var text = JsonSerializer.Serialize(new[] { grant.ClientId, grant.Subject, grant.PatientId ?? "", string.Join(' ', scopes) });
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
