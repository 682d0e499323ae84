using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>A reference relative to the server's base: https://hl7.org/fhir/R4/references.html#literal</summary>
/// <param name="Type">A resource type of R4.</param>
/// <param name="Id">Its id.</param>
/// <param name="Version">The version, where one is named.</param>
public readonly record struct RelativeReference(string Type, string Id, string? Version)
{
    private const string History = "/_history/";

    /// <summary>Reads <c>Type/id</c> or <c>Type/id/_history/version</c>; false for every other text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RelativeReference reference)
    {
        reference = default;
        var slash = text.IndexOf('/');
        if (slash < 1 || !R4.Definitions.TryType(text[..slash], out var type) || type.Kind != TypeKind.Resource || type.IsAbstract)
        {
            return false;
        }

        var id = text[(slash + 1)..];
        var history = id.IndexOf(History, StringComparison.Ordinal);
        var version = history < 0 ? default : id[(history + History.Length)..];
        id = history < 0 ? id : id[..history];
        if (!IsId(id) || (history >= 0 && !IsId(version)))
        {
            return false;
        }

        reference = new RelativeReference(type.Name, id.ToString(), history < 0 ? null : version.ToString());
        return true;
    }

    /// <summary>Whether the text can be an id: 1 to 64 of letters, digits, dash and point.</summary>
    public static bool IsId(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 64)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
