using System.Text.RegularExpressions;

namespace FhirFacade.Fhir.Terminology;

/// <summary>A code system whose codes are known by their form: a code of another form is none, one of the form may be.</summary>
public sealed partial class GrammarCodeSystem(string url, Func<string, bool?> contains) : ICodeSystem
{
    /// <summary>Media types, and the short names of FHIR's own (https://hl7.org/fhir/R4/http.html#mime-type).</summary>
    public static GrammarCodeSystem MediaTypes { get; } = new("urn:ietf:bcp:13", code => code is "xml" or "json" or "ttl" || MediaType().IsMatch(code));

    /// <summary>Tags of languages (RFC 5646), by their form alone.</summary>
    public static GrammarCodeSystem Languages { get; } = new("urn:ietf:bcp:47", code => LanguageTag().IsMatch(code));

    /// <inheritdoc/>
    public string Url { get; } = url;

    /// <inheritdoc/>
    public string? Version => null;

    /// <inheritdoc/>
    public IEnumerable<Concept>? Concepts => null;

    /// <inheritdoc/>
    public bool? Contains(string code) => contains(code);

    /// <inheritdoc/>
    public Concept? Find(string code) => Contains(code) == true ? new Concept(code, null) : null;

    /// <inheritdoc/>
    public bool? IsA(string code, string ancestor) => string.Equals(code, ancestor, StringComparison.Ordinal) ? Contains(code) : null;

    /// <inheritdoc/>
    public bool? Passes(string code, ConceptFilter filter) => null;

    [GeneratedRegex(@"^[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+*-]{1,127}( ?;.*)?$", RegexOptions.NonBacktracking)]
    private static partial Regex MediaType();

    [GeneratedRegex(@"^([A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(-[A-WY-Za-wy-z0-9](-[A-Za-z0-9]{2,8})+)*(-[xX](-[A-Za-z0-9]{1,8})+)?$|^[xX](-[A-Za-z0-9]{1,8})+$", RegexOptions.NonBacktracking)]
    private static partial Regex LanguageTag();
}
