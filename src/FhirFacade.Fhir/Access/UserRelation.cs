namespace FhirFacade.Fhir.Access;

/// <summary>Which patients a person who works here may see by virtue of who they are.</summary>
public enum UserRelation
{
    /// <summary>None.</summary>
    Nobody,

    /// <summary>Those they care for: as a participant of a care team or an encounter, or as general practitioner.</summary>
    CareTeam,

    /// <summary>These, and those of the organisations that they have a role in.</summary>
    Organization,

    /// <summary>All of them.</summary>
    Everyone,
}
