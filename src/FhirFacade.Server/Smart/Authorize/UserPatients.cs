using FhirFacade.Fhir.Access;
using FhirFacade.Server.Rest;
using FhirFacade.Storage.Accounts;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>The patients whom a person may see, and so may let an app see: asked of the store with that person's own rights.</summary>
public sealed class UserPatients(ResourceReader resources, SearchExecutor executor, SmartSettings settings, TimeProvider clock)
{
    /// <summary>The most that are listed at once.</summary>
    public const int Most = 20;

    /// <summary>How far the person's rights go; null: nowhere.</summary>
    public UserReach? ReachOf(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return UserReach.Of(account.FhirUser, settings.FhirBase, account.IsInEmergency ? UserRelation.Everyone : settings.UserAccess);
    }

    /// <summary>Whether the person may see this patient.</summary>
    public async Task<bool> MaySeeAsync(Account account, string patientId, CancellationToken cancellationToken) =>
        await resources.ReadAsync("Patient", patientId, GrantOf(account, "Patient"), cancellationToken) is ReadOutcome.Found;

    /// <summary>The patient as people know them; null if the person may not see this one.</summary>
    public async Task<PatientChoice?> DescribeAsync(Account account, string patientId, CancellationToken cancellationToken) =>
        await resources.ReadAsync("Patient", patientId, GrantOf(account, "Patient"), cancellationToken) is ReadOutcome.Found(var patient) ? PatientChoice.Of(patient) : null;

    /// <summary>Patients whose name begins with the text; the first ones if it is empty.</summary>
    public async Task<IReadOnlyList<PatientChoice>> FindAsync(Account account, string name, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> parameters = [new("_count", $"{Most}"), new("_sort", "family")];
        parameters.AddRange(name.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Take(5).Select(part => KeyValuePair.Create("name", Escaped(part))));
        var (_, plan, _) = PlannedSearch.Of("Patient", parameters, GrantOf(account, "Patient"), clock);
        return plan is null ? [] : [.. (await executor.ExecuteAsync(plan, cancellationToken)).Matches.Select(PatientChoice.Of)];
    }

    /// <summary>What the person may read of a type; what they may see in an emergency, they may pick.</summary>
    internal AccessGrant GrantOf(Account account, string type) => account.IsInEmergency && settings.BreakGlass.OverridesConsent
        ? Asked(account, type) with { Consent = ConsentMode.Off }
        : Asked(account, type);

    private AccessGrant Asked(Account account, string type) => settings.Consents.Apply(
        new(account.Id.ToString("N"), "", null, [new AccessRule(AccessContext.User, type, Interactions.Read | Interactions.Search)])
        {
            User = ReachOf(account),
            Purposes = PurposesOfUse.Of(account.IsInEmergency ? PurposeOfUse.BreakTheGlass : account.FhirUser?.StartsWith("Patient/", StringComparison.Ordinal) == true ? PurposeOfUse.PatientRequest : PurposeOfUse.Treatment),
        },
        account.FhirUser,
        settings.FhirBase);

    // search.html#escaping: the text is one value, whatever it holds.
    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
}
