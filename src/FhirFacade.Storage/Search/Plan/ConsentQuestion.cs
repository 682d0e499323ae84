using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Consents;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>What a request asks of consents: who wants to do what, and what for. Which consents there are is looked up by the statement itself.</summary>
/// <param name="Actor">The person; null: nobody in particular.</param>
/// <param name="Client">The app.</param>
/// <param name="Purposes">What for.</param>
/// <param name="Actions">All that is to be done.</param>
/// <param name="IsOptIn">Whether some consent has to permit it.</param>
public sealed record ConsentQuestion(string? Actor, string Client, PurposesOfUse Purposes, ConsentActions Actions, bool IsOptIn)
{
    private const string PatientPrefix = "Patient/";

    /// <summary>The patient who asks, whose own record needs no consent; null: it is somebody else.</summary>
    public string? OwnPatient => Actor?.StartsWith(PatientPrefix, StringComparison.Ordinal) == true ? Actor[PatientPrefix.Length..] : null;

    /// <summary>The question of a grant that is needed for something.</summary>
    /// <param name="grant">Whose.</param>
    /// <param name="needed">What for. To change a resource is to see it, too, as it was before.</param>
    /// <param name="isWritten">
    /// Whether it is about what the request itself has just written. To collect and to correct somebody has to deny: that no consent speaks of what is not yet known about a
    /// patient closes nobody's record.
    /// </param>
    public static ConsentQuestion Of(AccessGrant grant, Interactions needed, bool isWritten)
    {
        var actions = ConsentActions.None;
        actions |= (needed & Interactions.Create) != 0 ? ConsentActions.Collect : 0;
        actions |= (needed & (Interactions.Update | Interactions.Delete)) != 0 ? ConsentActions.Correct : 0;
        actions |= !isWritten && (needed & ~Interactions.Create) != 0 ? ConsentActions.Access : 0;
        return new(grant.Actor, grant.ClientId, grant.Purposes, actions, grant.Consent == ConsentMode.OptIn && !isWritten);
    }
}
