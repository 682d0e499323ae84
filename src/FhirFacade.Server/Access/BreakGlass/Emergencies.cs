using System.Security.Claims;
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
        if (!settings.Policies.MayBreakGlass(client) || settings.Authority is not null
            || !Guid.TryParse(caller.FindFirst("sub")?.Value, out var account) || !Guid.TryParse(caller.FindFirst(RevokedTokens.AuthorizationClaim)?.Value, out var authorization))
        {
            return null;
        }
        var now = clock.GetUtcNow();
        var isOpen = await store.IsUnderWayAsync(account, authorization, now, cancellationToken)
            || (IsReason(reason) && GrantFactory.Wider(caller, settings) is not null && await store.BeginAsync(account, client, authorization, reason!.Trim(), now, now + Duration, cancellationToken));
        return isOpen ? GrantFactory.Wider(caller, settings) : null;
    }
}
