namespace FhirFacade.Fhir.Json;

internal static class JsonNames
{
    /// <summary>
    /// Whether a name can be an element's (perhaps with the underscore of a primitive's extensions). Others are content
    /// of unknown origin and are not repeated in issues.
    /// </summary>
    public static bool IsPlain(string name) =>
        name.Length is > 0 and <= 64 && (char.IsAsciiLetter(name[0]) || (name[0] == '_' && name.Length > 1)) && !name.AsSpan(1).ContainsAnyExcept(Allowed);

    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
}
