namespace FhirFacade.Fhir.Packages;

/// <summary>The names of entries in an archive.</summary>
internal static class EntryName
{
    /// <summary>Whether a name is a relative path of plain parts: not absolute, no drive, no backslash, no control character, no <c>..</c>.</summary>
    public static bool IsSafe(string name) =>
        name.Length is > 0 and <= 1024 && name[0] != '/' && !name.AsSpan().ContainsAny('\\', ':') && !name.AsSpan().ContainsAnyInRange('\0', '\u001f')
        && !name.Split('/').Contains("..");
}
