namespace FhirFacade.Translation.DataTypes;

/// <summary>Code, text, coding system, version and system OID, as a CWE carries three of them.</summary>
internal readonly record struct RawCoding(string? Code, string? Display, string? System, string? Version, string? SystemOid);
