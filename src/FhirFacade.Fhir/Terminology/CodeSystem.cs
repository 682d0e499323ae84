using System.Collections.Concurrent;
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
    private const int KeptFamilies = 64;
    private readonly FrozenDictionary<string, ListedConcept> _byCode;
    private readonly Lazy<ILookup<string, string>> _children;
    private readonly ConcurrentDictionary<string, FrozenSet<string>> _families;

    internal CodeSystem(string url, string? version, string content, bool isCaseSensitive, ImmutableArray<ListedConcept> concepts)
    {
        (Url, Version, Content, IsCaseSensitive, Listed) = (url, version, content, isCaseSensitive, concepts);
        _byCode = concepts.DistinctBy(concept => concept.Code, Comparer).ToFrozenDictionary(concept => concept.Code, Comparer);
        _children = new(() => concepts.SelectMany(concept => concept.Parents.Select(parent => (parent, concept.Code))).ToLookup(pair => pair.parent, pair => pair.Code, Comparer));
        _families = new(Comparer);
    }

    /// <inheritdoc/>
    public string Url { get; }

    /// <inheritdoc/>
    public string? Version { get; }

    /// <inheritdoc/>
    public string? Name { get; private init; }

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
        {
            Name = resource.Text("name") ?? resource.Text("title"),
        }
        : null;

    /// <inheritdoc/>
    public bool? Contains(string code) => _byCode.ContainsKey(code) ? true : IsComplete ? false : null;

    /// <inheritdoc/>
    public Concept? Find(string code) => _byCode.GetValueOrDefault(code)?.Concept;

    /// <inheritdoc/>
    public bool? IsA(string code, string ancestor) =>
        !_byCode.TryGetValue(code, out var concept) || !_byCode.ContainsKey(ancestor) ? (IsComplete ? false : null)
        : Comparer.Equals(code, ancestor) || IsBelow(concept, ancestor);

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
            ("concept" or "code", "is-a") => Comparer.Equals(code, filter.Value) || Below(filter.Value).Contains(concept.Code),
            ("concept" or "code", "is-not-a") => !Comparer.Equals(code, filter.Value) && !Below(filter.Value).Contains(concept.Code),
            ("concept" or "code", "descendent-of") => Below(filter.Value).Contains(concept.Code),
            ("concept" or "code", "generalizes") => IsA(filter.Value, code),
            (_, "=") => Values(concept, filter.Property)?.Contains(filter.Value, StringComparer.Ordinal),
            (_, "in") => Values(concept, filter.Property)?.Intersect(filter.Value.Split(',', StringSplitOptions.TrimEntries), StringComparer.Ordinal).Any(),
            (_, "not-in") => !Values(concept, filter.Property)?.Intersect(filter.Value.Split(',', StringSplitOptions.TrimEntries), StringComparer.Ordinal).Any(),
            (_, "exists") => Values(concept, filter.Property) is { } values ? values.Any() == (filter.Value == "true") : null,
            (_, "regex") => Values(concept, filter.Property) is { } values ? Matches(values, filter.Value) : null,
            _ => null,
        };
    }

    /// <inheritdoc/>
    public ConceptDetails? Details(string code) => _byCode.TryGetValue(code, out var concept)
        ? new ConceptDetails(concept.Parents, [.. _children.Value[concept.Code]], concept.Properties, concept.Designations, concept.Definition)
        : null;

    // A concept may lie below several others; a broken system may lead in a circle, or be as deep as it is long.
    private bool IsBelow(ListedConcept concept, string ancestor)
    {
        var seen = new HashSet<string>(Comparer) { concept.Code };
        var open = new Queue<ListedConcept>([concept]);
        while (open.TryDequeue(out var next))
        {
            foreach (var parent in next.Parents)
            {
                if (Comparer.Equals(parent, ancestor))
                {
                    return true;
                }

                if (seen.Add(parent) && _byCode.TryGetValue(parent, out var above))
                {
                    open.Enqueue(above);
                }
            }
        }

        return false;
    }

    // Filters ask for a few families, and ask of every concept whether it is one of them.
    private FrozenSet<string> Below(string ancestor)
    {
        if (_families.TryGetValue(ancestor, out var known))
        {
            return known;
        }

        var found = new HashSet<string>(Comparer);
        var open = new Queue<string>([ancestor]);
        while (open.TryDequeue(out var next))
        {
            foreach (var child in _children.Value[next].Where(found.Add))
            {
                open.Enqueue(child);
            }
        }

        var family = found.ToFrozenSet(Comparer);
        if (_families.Count < KeptFamilies)
        {
            _families.TryAdd(ancestor, family);
        }

        return family;
    }

    private IEnumerable<string>? Values(ListedConcept concept, string property) => property switch
    {
        "code" or "concept" => [concept.Code],
        "display" => concept.Concept.Display is { } display ? [display] : [],
        "parent" => concept.Parents,
        "child" => _children.Value[concept.Code],
        "inactive" when !concept.Properties.Any(own => own.Code == property) => [concept.Concept.IsInactive ? "true" : "false"],
        _ => concept.Properties.Where(own => own.Code == property).Select(own => own.Value),
    };

    private static bool? Matches(IEnumerable<string> values, string pattern)
    {
        try
        {
            return values.Any(value => Regex.IsMatch(value, $"^(?:{pattern})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, RegexTime));
        }
        catch (Exception exception) when (exception is ArgumentException or RegexMatchTimeoutException or NotSupportedException)
        {
            // No regular expression, or one that would take too long or needs to go back: not decided.
            return null;
        }
    }
}

/// <summary>A concept with its place in the hierarchy and its further properties.</summary>
internal sealed record ListedConcept(Concept Concept, ImmutableArray<string> Parents, ImmutableArray<ConceptProperty> Properties)
{
    public ImmutableArray<Designation> Designations { get; init; } = [];

    public string? Definition { get; init; }

    public string Code => Concept.Code;
}
