using System.Text.Json;
using FhirFacade.Server.Rest;
using FhirFacade.Storage.Accounts;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>The visits of a patient that a person may see, asked of the store with that person's own rights.</summary>
public sealed class UserEncounters(ResourceReader resources, SearchExecutor executor, UserPatients patients, TimeProvider clock)
{
    /// <summary>The most that are listed.</summary>
    public const int Most = 20;

    /// <summary>The newest of the patient's.</summary>
    public async Task<IReadOnlyList<EncounterChoice>> FindAsync(Account account, string patientId, CancellationToken cancellationToken)
    {
        KeyValuePair<string, string>[] parameters = [new("patient", "Patient/" + patientId), new("_count", $"{Most}"), new("_sort", "-date")];
        var (_, plan, _) = PlannedSearch.Of("Encounter", parameters, patients.GrantOf(account, "Encounter"), clock);
        return plan is null ? [] : [.. (await executor.ExecuteAsync(plan, cancellationToken)).Matches.Select(EncounterChoice.Of)];
    }

    /// <summary>The encounter, if it is one of this patient's that the person may see; else null.</summary>
    public async Task<EncounterChoice?> DescribeAsync(Account account, string encounterId, string patientId, CancellationToken cancellationToken)
    {
        if (await resources.ReadAsync("Encounter", encounterId, patients.GrantOf(account, "Encounter"), cancellationToken) is not ReadOutcome.Found(var encounter))
        {
            return null;
        }
        using var document = JsonDocument.Parse(encounter.Doc);
        return document.RootElement.TryGetProperty("subject", out var subject) && subject.TryGetProperty("reference", out var reference) && reference.ValueEquals("Patient/" + patientId)
            ? EncounterChoice.Of(encounter)
            : null;
    }
}
