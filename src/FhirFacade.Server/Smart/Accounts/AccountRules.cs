namespace FhirFacade.Server.Smart.Accounts;

/// <summary>What must hold of an account, whoever makes or changes it.</summary>
public static class AccountRules
{
    private const int LongestName = 100;

    /// <summary>The first rule that is broken, in a sentence; empty for none.</summary>
    /// <param name="userName">What is typed to sign in.</param>
    /// <param name="displayName">What pages call the person.</param>
    /// <param name="password">Null: it is not to be set.</param>
    /// <param name="fhirUser">Null: none.</param>
    public static string Broken(string userName, string displayName, string? password, string? fhirUser)
    {
        ArgumentNullException.ThrowIfNull(userName);
        ArgumentNullException.ThrowIfNull(displayName);
        return userName.Trim().Length is 0 or > LongestName || userName.Any(c => char.IsControl(c) || c == '/') ? $"a user name has 1 to {LongestName} characters, without control characters and /"
            : displayName.Length is 0 or > LongestName || displayName.Any(char.IsControl) ? $"a display name has 1 to {LongestName} characters"
            : password is { Length: < People.ShortestPassword or > People.LongestPassword } ? $"a password has at least {People.ShortestPassword} characters"
            : fhirUser is not null && !IsPerson(fhirUser) ? "the resource that is the person is Practitioner/ID, Patient/ID or RelatedPerson/ID"
            : "";
    }

    private static bool IsPerson(string reference) => reference.Split('/') is ["Patient" or "Practitioner" or "RelatedPerson", var id] && Rest.Address.IsId(id);
}
