using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Accounts;

namespace FhirFacade.Server.Access.BreakGlass;

/// <summary>
/// Lets somebody with the right see more than usual for a while, once they have said why. It widens whose records a token of that person opens, for reading, and never what
/// kinds of record or which elements.
/// </summary>
public sealed class Emergencies(BreakGlassStore store, SmartSettings settings, TimeProvider clock)
{
    /// <summary>The fewest characters of a reason.</summary>
    public const int ShortestReason = 10;

    /// <summary>The most.</summary>
    public const int LongestReason = 1000;

    /// <summary>How long one lasts.</summary>
    public TimeSpan Duration => settings.BreakGlass.Duration;

    /// <summary>Whether a text can be a reason.</summary>
    public static bool IsReason(string? text) => text?.Trim() is { Length: >= ShortestReason and <= LongestReason } reason && !reason.Any(char.IsControl);

    /// <summary>Begins one with a launch: what was allowed to the app carries it from then on.</summary>
    /// <returns>False if the person may not.</returns>
    public Task<bool> BeginAsync(Account account, string clientId, Guid authorization, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(reason);
        var now = clock.GetUtcNow();
        return store.BeginAsync(account.Id, clientId, authorization, reason.Trim(), now, now + Duration, cancellationToken);
    }

    /// <summary>The caller with what an emergency opens; null for one who has none under way, and may not or does not say why.</summary>
    /// <param name="caller">Whose token has passed.</param>
    /// <param name="reason">Why; null where it was said before.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    public async Task<ClaimsPrincipal?> WidenAsync(ClaimsPrincipal caller, string? reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var client = GrantFactory.From(caller).ClientId;
        if (settings.Authority is { } issuer)
        {
            return settings.Policies.MayBreakGlass(client) ? await WidenForeignAsync(caller, client, issuer, reason, cancellationToken) : null;
        }
        if (!settings.Policies.MayBreakGlass(client)
            || !Guid.TryParse(caller.FindFirst("sub")?.Value, out var account) || !Guid.TryParse(caller.FindFirst(RevokedTokens.AuthorizationClaim)?.Value, out var authorization))
        {
            return null;
        }
        var now = clock.GetUtcNow();
        var isOpen = await store.IsUnderWayAsync(account, authorization, now, cancellationToken)
            || (IsReason(reason) && GrantFactory.Wider(caller, settings) is not null && await store.BeginAsync(account, client, authorization, reason!.Trim(), now, now + Duration, cancellationToken));
        return isOpen ? GrantFactory.Wider(caller, settings) : null;
    }

    // Who has the right is the issuer's to say, in each token: it ends with the token that says so. What is under way belongs to the person, the client and the session.
    private async Task<ClaimsPrincipal?> WidenForeignAsync(ClaimsPrincipal caller, string client, Uri issuer, string? reason, CancellationToken cancellationToken)
    {
        if (caller.FindFirst("sub")?.Value is not { Length: > 0 } subject || !HasForeignRight(caller) || GrantFactory.Wider(caller, settings) is not { } wider)
        {
            return null;
        }
        var person = new ForeignPerson(issuer.AbsoluteUri, subject, caller.FindFirst("fhirUser")?.Value);
        var authorization = new Guid(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new[] { person.Issuer, subject, client, caller.FindFirst("sid")?.Value ?? "" })).AsSpan(0, 16));
        var now = clock.GetUtcNow();
        if (await store.IsUnderWayAsync(person, authorization, now, cancellationToken))
        {
            return wider;
        }
        reason ??= caller.FindFirst(settings.BreakGlass.ReasonClaim)?.Value;
        if (!IsReason(reason))
        {
            return null;
        }
        await store.BeginAsync(person, client, authorization, reason!.Trim(), now, now + Duration, cancellationToken);
        return wider;
    }

    private bool HasForeignRight(ClaimsPrincipal caller) => settings.BreakGlass.Claim is { Length: > 0 } claim
        && caller.FindAll(claim).Any(said => said.Value.Split(' ').Contains(settings.BreakGlass.ClaimValue, StringComparer.Ordinal));
}
