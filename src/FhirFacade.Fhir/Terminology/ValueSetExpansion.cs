using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Terminology;

/// <summary>What to expand.</summary>
/// <param name="Text">Only concepts whose code or display contains each of these words, whatever the case; null for all.</param>
/// <param name="Offset">How many to leave out at the beginning.</param>
/// <param name="Count">How many to return at most.</param>
/// <param name="ActiveOnly">Whether to leave out concepts that are no longer for use.</param>
public sealed record ExpansionRequest(string? Text = null, int Offset = 0, int Count = 1000, bool ActiveOnly = false)
{
    /// <summary>Whether to leave out concepts that only group others.</summary>
    public bool WithoutAbstract { get; init; }

    /// <summary>Whether to put concepts below those that they lie below. There are no pages then.</summary>
    public bool IsNested { get; init; }
}

/// <summary>One code of an expansion.</summary>
/// <param name="System">Its code system.</param>
/// <param name="Code">The code.</param>
/// <param name="Display">Its name; null where none is known.</param>
/// <param name="IsAbstract">Whether it only groups others.</param>
/// <param name="IsInactive">Whether it is no longer for use.</param>
public sealed record ExpansionConcept(string System, string Code, string? Display, bool IsAbstract, bool IsInactive = false)
{
    /// <summary>What lies below it; empty in an expansion that is not nested.</summary>
    public ImmutableArray<ExpansionConcept> Contains { get; init; } = [];
}

/// <summary>A page of the codes of a value set, or the issues that say why they cannot be listed.</summary>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Contains">The page, in the order of the definition.</param>
/// <param name="Issues">Empty where the expansion is complete.</param>
public sealed record Expansion(int Total, ImmutableArray<ExpansionConcept> Contains, ImmutableArray<Issue> Issues)
{
    /// <summary>The code systems that the codes come from, with the version that was used: <c>url|version</c>.</summary>
    public ImmutableArray<string> UsedCodeSystems { get; init; } = [];
}

/// <summary>expand (https://hl7.org/fhir/R4/valueset-operation-expand.html).</summary>
public static class ValueSetExpansion
{
    /// <summary>A value set with more codes is not expanded.</summary>
    public const int MaxConcepts = ExpansionWalk.MaxConcepts;

    /// <summary>
    /// The codes of a value set. An expansion is whole or refused: an issue of code not-found names what is not at hand,
    /// not-supported a filter or system that cannot be listed, too-costly what is too large or leads in a circle.
    /// </summary>
    public static Expansion Expand(this TerminologySet terminology, string valueSet, ExpansionRequest? request = null)
    {
        ArgumentNullException.ThrowIfNull(terminology);
        return terminology.ValueSet(valueSet) is { } set
            ? Expand(terminology, set, request)
            : new Expansion(0, [], [Issue.Error(IssueType.NotFound, "The value set is not at hand.")]);
    }

    /// <summary>The codes of a value set that is given.</summary>
    public static Expansion Expand(this TerminologySet terminology, ValueSet valueSet, ExpansionRequest? request = null)
    {
        request ??= new ExpansionRequest();
        var walk = new ExpansionWalk(terminology);
        var all = walk.Of(valueSet);
        if (walk.Refused is { } refused)
        {
            return new Expansion(0, [], [refused]);
        }

        var words = request.Text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
        var wanted = all.FindAll(concept => !((request.ActiveOnly || valueSet.ActiveOnly) && concept.IsInactive) && !(request.WithoutAbstract && concept.IsAbstract)
            && Array.TrueForAll(words, word => concept.Code.Contains(word, StringComparison.OrdinalIgnoreCase) || concept.Display?.Contains(word, StringComparison.OrdinalIgnoreCase) == true));
        return new Expansion(
            wanted.Count,
            request.IsNested ? ExpansionTree.Of(wanted, terminology) : [.. wanted.Skip(Math.Max(0, request.Offset)).Take(Math.Max(0, request.Count))],
            [])
        {
            UsedCodeSystems = [.. wanted.Select(concept => concept.System).Distinct(StringComparer.Ordinal)
                .Select(url => terminology.CodeSystem(url)?.Version is { } version ? $"{url}|{version}" : url)],
        };
    }
}
