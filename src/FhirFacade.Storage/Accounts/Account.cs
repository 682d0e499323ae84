namespace FhirFacade.Storage.Accounts;

/// <summary>Somebody who can sign in.</summary>
/// <param name="Id">The <c>sub</c> of this person's tokens; it never changes and says nothing.</param>
/// <param name="UserName">What is typed to sign in, in lower case.</param>
/// <param name="DisplayName">What pages call the person.</param>
/// <param name="PasswordHash">As the framework's hasher writes it.</param>
/// <param name="FhirUser">The resource that is this person (<c>Practitioner/1</c>), or null for none.</param>
public sealed record Account(Guid Id, string UserName, string DisplayName, string PasswordHash, string? FhirUser)
{
    /// <summary>The secret of the second factor, sealed; null if there is none.</summary>
    public byte[]? SecondFactor { get; init; }

    /// <summary>Until when nobody can sign in, whatever they know; null for not at all.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>May not sign in.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>May see more than usual in an emergency, once they have said why.</summary>
    public bool MayBreakGlass { get; init; }

    /// <summary>Is doing so in the sign-in that is under way; never stored.</summary>
    public bool IsInEmergency { get; init; }

    /// <summary>Signs in only where the demo switch is on.</summary>
    public bool IsDemo { get; init; }
}
