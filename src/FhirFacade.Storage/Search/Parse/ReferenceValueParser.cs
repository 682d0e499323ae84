using System.Text.RegularExpressions;
using FhirFacade.Storage.Schema;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>References of a search: https://hl7.org/fhir/R4/search.html#reference</summary>
internal static partial class ReferenceValueParser
{
    /// <summary>The value, or null if it is none of <c>id</c>, <c>Type/id</c>, an absolute URL.</summary>
    /// <param name="text">The value, escapes removed.</param>
    /// <param name="type">The type that <c>:[type]</c> names; another type in the value contradicts it.</param>
    public static SearchValue? Parse(string text, string? type)
    {
        var local = Local().Match(text);
        if (local.Success)
        {
            var named = local.Groups["type"].Success ? local.Groups["type"].Value : null;
            var id = local.Groups["id"].Value;
            return named is null ? new SearchValue.Reference(type, id)
                : ResourceTables.Has(named) && (type is null || type == named) ? new SearchValue.Reference(named, id)
                : null;
        }

        return type is null && text.Contains(':', StringComparison.Ordinal) && text.Length <= 2000 ? new SearchValue.Uri(text) : null;
    }

    [GeneratedRegex(@"^((?<type>[A-Z][A-Za-z]{1,63})/)?(?<id>[A-Za-z0-9.-]{1,64})(/_history/[A-Za-z0-9.-]{1,64})?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Local();
}
