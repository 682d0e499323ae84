using System.Collections.Immutable;

namespace FhirFacade.Fhir.Access;

/// <summary>What a grant says about one resource type: a closed set of three answers.</summary>
public abstract record TypeAccess
{
    private TypeAccess()
    {
    }

    /// <summary>Nothing of this type may be touched.</summary>
    public sealed record Denied : TypeAccess;

    /// <summary>Every resource of this type, without a further condition.</summary>
    public sealed record Everything : TypeAccess;

    /// <summary>The resources that at least one of the rules lets through; never empty.</summary>
    /// <param name="PatientId">The patient that rules of <see cref="AccessContext.Patient"/> are about; not null if there is such a rule.</param>
    /// <param name="Rules">Each is to be met whole: its patient (for the patient context) and its filter.</param>
    public sealed record Restricted(string? PatientId, ImmutableArray<AccessRule> Rules) : TypeAccess;
}
