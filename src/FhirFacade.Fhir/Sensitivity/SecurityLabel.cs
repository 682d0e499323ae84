namespace FhirFacade.Fhir.Sensitivity;

/// <summary>A coding of <c>meta.security</c>: how confidential a resource is, or which category of sensitive information is in it.</summary>
/// <param name="System">The code system.</param>
/// <param name="Code">A code of it.</param>
public readonly record struct SecurityLabel(string System, string Code)
{
    /// <summary>The system of sensitive categories (v3-ActCode, InformationSensitivityPolicy).</summary>
    public const string ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    /// <summary>The system of confidentiality: U, L, M, N, R, V.</summary>
    public const string Confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

    private const string Ranks = "ULMNRV";

    /// <summary>How confidential, from 0; -1 for a label that says nothing of that.</summary>
    public int Rank => System == Confidentiality && Code.Length == 1 ? Ranks.IndexOf(Code[0], StringComparison.Ordinal) : -1;

    /// <summary>Whether it says that less people than usual may see the resource: R or V.</summary>
    public bool IsRestricted => Rank >= Ranks.IndexOf('R', StringComparison.Ordinal);
}
