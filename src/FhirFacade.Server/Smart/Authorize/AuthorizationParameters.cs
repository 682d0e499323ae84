using System.Text.RegularExpressions;
using FhirFacade.Fhir.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>Reads and checks the parameters of an authorisation request.</summary>
public sealed partial class AuthorizationParameters(ClientCatalog clients, SmartSettings settings, TimeProvider clock)
{
    private const int Longest = 2_048;

    /// <summary>What came of it: the request; or an error that goes back to the app; or, if nobody knows who the app is, a text for the person.</summary>
    public sealed record Outcome(AuthorizationRequest? Request, SmartClient? Client, Redirection? Error, string? Complaint);

    /// <summary>
    /// Client and redirect URI first: as long as these two do not match exactly, nothing is sent anywhere (RFC 9700 section 4.11).
    /// </summary>
    public async Task<Outcome> ReadAsync(IEnumerable<KeyValuePair<string, StringValues>> given, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(given);
        var all = given.ToList();
        var values = all.Where(p => p.Value.Count == 1).ToDictionary(p => p.Key, p => p.Value.ToString(), StringComparer.Ordinal);
        string Get(string name) => values.GetValueOrDefault(name, "");

        if (await clients.FindAsync(Get("client_id"), cancellationToken) is not { } client)
        {
            return Complain("The app that sent you here is not registered.");
        }
        var redirectUri = Get("redirect_uri");
        if (!client.RedirectUris.Contains(redirectUri, StringComparer.Ordinal))
        {
            return Complain("The app that sent you here wants to be answered at an address that is not registered for it.");
        }
        var state = Get("state");
        Outcome Fail(string error, string description) => new(null, client, Redirection.Of(settings, redirectUri, state, error, description), null);

        if (all.Exists(p => p.Value.Count > 1) || all.Exists(p => p.Value.ToString().Length > Longest))
        {
            return Fail("invalid_request", "a parameter is given twice, or is too long");
        }
        if (Get("response_type") != "code")
        {
            return Fail(values.ContainsKey("response_type") ? "unsupported_response_type" : "invalid_request", "response_type is to be code");
        }
        if (state.Length == 0)
        {
            return Fail("invalid_request", "state is missing");
        }
        if (values.ContainsKey("request") || values.ContainsKey("request_uri"))
        {
            return Fail(values.ContainsKey("request") ? "request_not_supported" : "request_uri_not_supported", "request objects are not supported");
        }
        if (Get("response_mode") is not ("" or "query"))
        {
            return Fail("invalid_request", "response_mode is to be query");
        }
        if (Get("code_challenge_method") != "S256" || !Challenge().IsMatch(Get("code_challenge")))
        {
            return Fail("invalid_request", "PKCE is needed: code_challenge with code_challenge_method S256");
        }
        if (Get("aud").TrimEnd('/') != settings.FhirBase)
        {
            return Fail("invalid_request", "aud is to be the address of the FHIR server");
        }
        var scope = ScopeCut.Of(Get("scope"), client.Scope, AccessContext.Patient, AccessContext.User);
        if (scope.Length == 0)
        {
            return Fail("invalid_scope", "none of the requested scopes may be given to this app");
        }
        var launch = Get("launch");
        if (launch.Length > 0 && !ScopeCut.Has(scope, "launch"))
        {
            return Fail("invalid_scope", "a launch needs the scope launch");
        }
        var purpose = Get(GrantFactory.PurposeClaim);
        if (purpose.Length > 0 && !(PurposeOfUse.IsKnown(purpose) && (settings.Policies.MayClaim(client.Id, purpose) || (purpose == PurposeOfUse.BreakTheGlass && settings.Policies.MayBreakGlass(client.Id)))))
        {
            return Fail("invalid_request", "purpose_of_use is to be a code of v3-PurposeOfUse that this app may claim");
        }
        var prompts = Get("prompt").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (prompts.Contains("none") && prompts.Length > 1)
        {
            return Fail("invalid_request", "prompt none stands alone");
        }
        return new(
            new AuthorizationRequest(client.Id, redirectUri, scope, state, Get("code_challenge"))
            {
                Launch = launch.Length > 0 ? launch : null,
                PurposeOfUse = purpose.Length > 0 ? purpose : null,
                Nonce = Get("nonce") is { Length: > 0 } nonce ? nonce : null,
                IsSignInWanted = prompts.Contains("login") || prompts.Contains("select_account"),
                IsSilent = prompts.Contains("none"),
                At = clock.GetUtcNow(),
            },
            client, null, null);
    }

    private static Outcome Complain(string text) => new(null, null, null, text);

    [GeneratedRegex(@"^[A-Za-z0-9_-]{43}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Challenge();
}
