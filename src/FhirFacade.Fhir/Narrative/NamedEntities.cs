using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace FhirFacade.Fhir.Narrative;

/// <summary>XHTML's named characters (<c>&amp;nbsp;</c>), which XML knows from a DTD only.</summary>
internal static partial class NamedEntities
{
    /// <summary>The text with each of them as a number; XML's own five stay as they are, unknown ones too.</summary>
    public static string Replace(string xhtml) => xhtml.Contains('&', StringComparison.Ordinal)
        ? Name().Replace(xhtml, static match => match.Value is "&amp;" or "&lt;" or "&gt;" or "&quot;" or "&apos;" ? match.Value
            : WebUtility.HtmlDecode(match.Value) is { Length: 1 } character ? string.Create(CultureInfo.InvariantCulture, $"&#{(int)character[0]};")
            : match.Value)
        : xhtml;

    [GeneratedRegex("&[A-Za-z][A-Za-z0-9]{1,15};", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
