namespace FhirFacade.Server.Rest.Terminologies;

/// <summary>Something of terminology that is named: by its canonical url, with a version or without, or by its address on this server.</summary>
/// <param name="Type"><c>ValueSet</c>, <c>CodeSystem</c> or <c>ConceptMap</c>.</param>
/// <param name="Url">As it was written.</param>
internal sealed record TerminologyLink(string Type, string Url)
{
    /// <summary>What the parameters of a search name: by <c>:in</c> and <c>:not-in</c>, by <c>:above</c> and <c>:below</c> of tokens, and in a <c>_filter</c>.</summary>
    public static IEnumerable<TerminologyLink> In(IEnumerable<KeyValuePair<string, string>> parameters) => parameters.SelectMany(parameter => (parameter.Key, parameter.Key.Split(':')[^1]) switch
    {
        (_, "in" or "not-in") => [new("ValueSet", parameter.Value)],
        (_, "above" or "below") when SystemIn(parameter.Value) is { } system => [new("CodeSystem", system)],
        ("_filter", _) => InFilter(parameter.Value),
        _ => Enumerable.Empty<TerminologyLink>(),
    });

    // More is named than is meant, perhaps: what is not there is not missed.
    private static IEnumerable<TerminologyLink> InFilter(string filter)
    {
        var words = filter.Split([' ', '(', ')', '"'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var (before, word) in words.Zip(words.Skip(1)))
        {
            if (before is "in" or "ni")
            {
                yield return new("ValueSet", word);
            }
            else if (before is "ss" or "sb" && SystemIn(word) is { } system)
            {
                yield return new("CodeSystem", system);
            }
        }
    }

    private static string? SystemIn(string token) => token.IndexOf('|', StringComparison.Ordinal) is > 0 and var bar ? token[..bar] : null;
}
