using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Terminology;

/// <summary>A code system whose concepts are listed: the CodeSystem resource, without its prose.</summary>
public sealed class CodeSystem : ICodeSystem
{
    private static readonly TimeSpan RegexTime = TimeSpan.FromMilliseconds(100);
    private readonly FrozenDictionary<string, ListedConcept> _byCode;

    internal CodeSystem(string url, string? version, string content, bool isCaseSensitive, ImmutableArray<ListedConcept> concepts)
    {
        (Url, Version, Content, IsCaseSensitive, Listed) = (url, version, content, isCaseSensitive, concepts);
        _byCode = concepts.DistinctBy(concept => concept.Code, Comparer).ToFrozenDictionary(concept => concept.Code, Comparer);
    }

    /// <inheritdoc/>
    public string Url { get; }

    /// <inheritdoc/>
    public string? Version { get; }

    /// <summary>How much of the system is here (http://hl7.org/fhir/codesystem-content-mode).</summary>
    public string Content { get; }

    /// <summary>Whether the case of letters tells codes apart.</summary>
    public bool IsCaseSensitive { get; }

    /// <summary>Whether a code that is not here does not exist.</summary>
    public bool IsComplete => Content == "complete";

    /// <inheritdoc/>
    public IEnumerable<Concept>? Concepts => IsComplete ? Listed.Select(concept => concept.Concept) : null;

    internal ImmutableArray<ListedConcept> Listed { get; }

    private StringComparer Comparer => IsCaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>Reads a CodeSystem resource; null where it has no url.</summary>
    public static CodeSystem? Read(JsonElement resource) => resource.Text("url") is { Length: > 0 } url
        ? new CodeSystem(
            url,
            resource.Text("version"),
            resource.Text("content") ?? "complete",
            resource.Part("caseSensitive").ValueKind != JsonValueKind.False,
            CodeSystemConcepts.Read(resource))
        : null;

    /// <inheritdoc/>
    public bool? Contains(string code) => _byCode.ContainsKey(code) ? true : IsComplete ? false : null;

    /// <inheritdoc/>
    public Concept? Find(string code) => _byCode.GetValueOrDefault(code)?.Concept;

    /// <inheritdoc/>
    public bool? IsA(string code, string ancestor) =>
        !_byCode.TryGetValue(code, out var concept) || !_byCode.ContainsKey(ancestor) ? (IsComplete ? false : null)
        : IsBelow(concept, ancestor, [])
            || Comparer.Equals(code, ancestor);

    /// <inheritdoc/>
    public bool? Passes(string code, ConceptFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (!_byCode.TryGetValue(code, out var concept))
        {
            return IsComplete ? false : null;
        }

        return (filter.Property, filter.Operator) switch
        {
            ("concept" or "code", "is-a") => IsA(code, filter.Value),
            ("concept" or "code", "is-not-a") => !IsA(code, filter.Value),
            ("concept" or "code", "descendent-of") => IsBelow(concept, filter.Value, []),
            ("concept" or "code", "generalizes") => IsA(filter.Value, code),
            (_, "=") => Values(concept, filter.Property)?.Contains(filter.Value, StringComparer.Ordinal),
            (_, "in") => Values(concept, filter.Property)?.Intersect(filter.Value.Split(','), StringComparer.Ordinal).Any(),
            (_, "not-in") => !Values(concept, filter.Property)?.Intersect(filter.Value.Split(','), StringComparer.Ordinal).Any(),
            (_, "exists") => Values(concept, filter.Property) is { } values ? values.Any() == (filter.Value == "true") : null,
            (_, "regex") => Values(concept, filter.Property) is { } values ? Matches(values, filter.Value) : null,
            _ => null,
        };
    }

    /// <summary>The codes directly above a code.</summary>
    internal IEnumerable<string> Parents(string code) => _byCode.TryGetValue(code, out var concept) ? concept.Parents : [];

    // A concept may lie below several others; a broken system may lead in a circle.
    private bool IsBelow(ListedConcept concept, string ancestor, HashSet<string> seen) =>
        seen.Add(concept.Code) && concept.Parents.Any(parent =>
            Comparer.Equals(parent, ancestor) || (_byCode.TryGetValue(parent, out var above) && IsBelow(above, ancestor, seen)));

    private IEnumerable<string>? Values(ListedConcept concept, string property) => property switch
    {
        "code" or "concept" => [concept.Code],
        "display" => concept.Concept.Display is { } display ? [display] : [],
        "parent" => concept.Parents,
        "child" => Listed.Where(other => other.Parents.Contains(concept.Code)).Select(other => other.Code),
        _ => concept.Properties.Where(pair => pair.Key == property).Select(pair => pair.Value),
    };

    private static bool? Matches(IEnumerable<string> values, string pattern)
    {
        try
        {
            return values.Any(value => Regex.IsMatch(value, $"^(?:{pattern})$", RegexOptions.CultureInvariant, RegexTime));
        }
        catch (Exception exception) when (exception is ArgumentException or RegexMatchTimeoutException)
        {
            // No regular expression, or one that takes too long: not decided.
            return null;
        }
    }
}

/// <summary>A concept with its place in the hierarchy and its further properties.</summary>
internal sealed record ListedConcept(Concept Concept, ImmutableArray<string> Parents, ImmutableArray<KeyValuePair<string, string>> Properties)
{
    public string Code => Concept.Code;
}
