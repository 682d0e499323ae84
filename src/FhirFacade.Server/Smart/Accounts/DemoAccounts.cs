using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Accounts;
using FhirFacade.Storage.Resources;

namespace FhirFacade.Server.Smart.Accounts;

/// <summary>The people of the demo: they exist only where its switch is on.</summary>
public sealed class DemoAccounts(People people, AccountStore accounts, ResourceWriter resources)
{
    /// <summary>A practitioner who may see everybody.</summary>
    public const string Clinician = "clinician";

    /// <summary>A patient, once the sample messages have been played.</summary>
    public const string Patient = "patient";

    /// <summary>The password of both.</summary>
    public const string Password = "demo-password";

    private const string PractitionerId = "demo-clinician";

    /// <summary>Makes the practitioner and the account, unless they are there.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(Clinician, cancellationToken) is not null)
        {
            return;
        }
        var grant = new AccessGrant("demo", "demo", null, [new AccessRule(AccessContext.System, "Practitioner", Interactions.All)]);
        var practitioner = JsonElement.Parse($$"""{"resourceType":"Practitioner","id":"{{PractitionerId}}","active":true,"name":[{"family":"Demonstration","given":["Clara"]}]}""");
        if (await resources.UpdateAsync("Practitioner", PractitionerId, practitioner, null, grant, cancellationToken) is not (WriteOutcome.Created or WriteOutcome.Updated or WriteOutcome.Unchanged))
        {
            throw new StartupException("the demonstration's practitioner cannot be stored");
        }
        await people.AddAsync(Clinician, "Clara Demonstration", Password, "Practitioner/" + PractitionerId, demo: true, cancellationToken);
    }

    /// <summary>Makes the account of a patient, or gives it to another one.</summary>
    public async Task EnsurePatientAsync(string patientId, CancellationToken cancellationToken)
    {
        // Another instance may be at it, too: whoever comes second finds the account that the first one made.
        if (await accounts.FindAsync(Patient, cancellationToken) is null
            && await people.AddAsync(Patient, "Demonstration patient", Password, "Patient/" + patientId, demo: true, cancellationToken) is not null)
        {
            return;
        }
        if (await accounts.FindAsync(Patient, cancellationToken) is { IsDemo: true } account)
        {
            await accounts.ChangeAsync(account.Id, null, "Patient/" + patientId, null, cancellationToken);
        }
    }
}
