namespace FhirFacade.Fhir.Access;

/// <summary>What may be done with a resource: the letters c r u d s of SMART App Launch 2.x scopes.</summary>
/// <remarks>Version 1 scopes map onto them: <c>.read</c> is r and s, <c>.write</c> is c, u and d.</remarks>
[Flags]
public enum Interactions
{
    /// <summary>Nothing at all.</summary>
    None = 0,

    /// <summary>c: create on the type.</summary>
    Create = 1,

    /// <summary>r: read, vread and the history of one instance; being included by a search.</summary>
    Read = 2,

    /// <summary>u: update and patch.</summary>
    Update = 4,

    /// <summary>d: delete.</summary>
    Delete = 8,

    /// <summary>s: search and the history of a type; also what a chain, <c>_has</c> or <c>_revinclude</c> looks into.</summary>
    Search = 16,

    /// <summary>c r u d s.</summary>
    All = Create | Read | Update | Delete | Search,
}
