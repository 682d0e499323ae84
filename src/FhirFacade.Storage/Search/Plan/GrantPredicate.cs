using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Search.Index;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>What a grant says about the rows of a type, as the same kind of condition that a search is made of.</summary>
public static class GrantPredicate
{
    /// <summary>
    /// <see cref="Predicate.Never"/> where the grant opens nothing, <see cref="Predicate.Always"/> where it opens the whole type.
    /// A filter that this server cannot decide opens nothing, and one of a denial closes
    /// all that the denial speaks of. Masked elements are not its business: they are taken out of what is read (<see cref="Redaction"/>).
    /// </summary>
    /// <param name="grant">Who asks.</param>
    /// <param name="type">The resource type.</param>
    /// <param name="needed">What is to be done.</param>
    /// <param name="isWritten">Whether the rows are what the grant has just written. Who may write a Consent is for the grant alone, whatever the Consent says.</param>
    public static Predicate Of(AccessGrant grant, string type, Interactions needed, bool isWritten = false)
    {
        ArgumentNullException.ThrowIfNull(grant);
        grant = isWritten && type == "Consent" ? grant with { Consent = ConsentMode.Off } : grant;
        var asked = ConsentQuestion.Of(grant, needed, isWritten);
        return grant.For(type, needed, Enforcement.All) switch
        {
            TypeAccess.Everything => InContext(grant, type, needed, isWritten),
            TypeAccess.Restricted restricted => Predicate.AllOf(
            [
                .. Opened(restricted, type, asked),
                .. restricted.Denials.Select(denial => Predicate.NotOf(DenialPredicate.Of(denial, type))),
                InContext(grant, type, needed, isWritten),
            ]),
            _ => new Predicate.Never(),
        };
    }

    // What is taken away of a resource is taken away of the file that it shows (R4 binary.html#security): by denials and consents, not by the types of scopes.
    private static Predicate InContext(AccessGrant grant, string type, Interactions needed, bool isWritten)
    {
        if (!AttachmentTerms.IsShown(type) || isWritten)
        {
            return new Predicate.Always();
        }

        var ofAnyType = grant with
        {
            Rules = [.. grant.Rules.Where(rule => rule.Covers(type, needed)).Select(rule => rule with { ResourceType = AccessRule.AnyType, Interactions = Interactions.All, Filter = null, Masked = ElementMask.None })],
        };
        ImmutableArray<KeyValuePair<string, Predicate>> types = [.. AttachmentTerms.Contexts.Select(context => KeyValuePair.Create(context, Of(ofAnyType, context, needed)))];
        return types.All(context => context.Value is Predicate.Always) ? new Predicate.Always() : new Predicate.InOpenContext(types);
    }

    // Said once where it holds for all, since it is the dearest of the conditions.
    private static Predicate[] Opened(TypeAccess.Restricted restricted, string type, ConsentQuestion asked) => restricted.Openings.All(opening => opening.IsConsented)
        ? [Predicate.AnyOf(restricted.Openings.Select(opening => Of(opening, type))), new Predicate.Consented(asked)]
        : [Predicate.AnyOf(restricted.Openings.Select(opening => opening.IsConsented ? Predicate.AllOf([Of(opening, type), new Predicate.Consented(asked)]) : Of(opening, type)))];

    private static Predicate Of(Opening opening, string type)
    {
        return Predicate.AllOf([OfPatient(opening.PatientId, type), InReach(opening.Reach), Matching(opening.Filter, type)]);
    }

    private static Predicate OfPatient(string? patientId, string type) => patientId switch
    {
        null => new Predicate.Always(),
        // A Patient may name other patients (link); it belongs to itself.
        _ when type == "Patient" => new Predicate.IdIs([patientId]),
        _ => new Predicate.OfPatient(patientId),
    };

    private static Predicate InReach(UserReach? user) => user is null ? new Predicate.Always() : new Predicate.InReach(user);

    private static Predicate Matching(string? filter, string type)
    {
        return filter is null ? new Predicate.Always() : ScopeFilter.Compile(type, filter) ?? new Predicate.Never();
    }
}
