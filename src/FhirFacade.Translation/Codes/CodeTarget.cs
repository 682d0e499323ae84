namespace FhirFacade.Translation.Codes;

/// <summary>Where a code of a v2 table goes.</summary>
/// <param name="Code">The FHIR code; null for a code that the table knows and FHIR has no place for.</param>
/// <param name="Display">Its display, if known.</param>
/// <param name="System">Its code system, if any.</param>
internal sealed record CodeTarget(string? Code, string? Display, string? System)
{
    /// <summary>The code that stops a message: the guide's ERROR.</summary>
    public bool IsError => Code == "ERROR";
}
