namespace FhirFacade.Storage.Accounts;

/// <summary>One time that somebody saw more than usual in an emergency.</summary>
/// <param name="Id">Its id.</param>
/// <param name="UserName">Who.</param>
/// <param name="FhirUser">The resource that is this person.</param>
/// <param name="ClientId">Through which app.</param>
/// <param name="Reason">Why, in the person's own words, which may speak of a patient: for those alone who look into it.</param>
/// <param name="StartedAt">From when.</param>
/// <param name="ExpiresAt">Until when at most.</param>
public sealed record BreakGlassEvent(Guid Id, string UserName, string? FhirUser, string ClientId, string Reason, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>When it was ended before its time; null if it was not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When somebody looked into it; null if nobody has.</summary>
    public DateTimeOffset? ReviewedAt { get; init; }

    /// <summary>Who looked into it.</summary>
    public string? ReviewedBy { get; init; }

    /// <summary>What they say.</summary>
    public string? ReviewNote { get; init; }
}
