using System.Collections.Immutable;
using System.Globalization;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Schema;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>
/// <c>_filter</c>: https://hl7.org/fhir/R4/search_filter.html. Every comparison becomes the criterion that the parameter of the same
/// meaning makes; <c>and</c> and <c>or</c> are taken from left to right.
/// </summary>
internal sealed class FilterParser(FilterComparison comparison, ImmutableArray<FilterToken> tokens)
{
    private int at;
    private int parts;

    /// <summary>What is wrong, and where; null as long as nothing is.</summary>
    public string? Wrong { get; private set; }

    /// <summary>The criterion; null with <see cref="Wrong"/> otherwise.</summary>
    public Criterion? Parse(string type)
    {
        var filter = Expression(type, 0);
        return Wrong is null && at < tokens.Length ? Fail("is not expected here") : filter;
    }

    private Criterion? Expression(string type, int depth)
    {
        if (depth > SearchLimits.MaxNesting)
        {
            return Fail("is nested too deeply");
        }

        var left = Term(type, depth);
        while (left is not null && at < tokens.Length && tokens[at] is { IsText: false, Text: "and" or "or" } logic)
        {
            at++;
            var right = Term(type, depth);
            left = right is null ? null : logic.Text == "and" ? new Criterion.All([left, right]) : new Criterion.Any([left, right]);
        }

        return left;
    }

    private Criterion? Term(string type, int depth)
    {
        if (Take("not"))
        {
            return Bracketed(type, depth) is { } inner ? new Criterion.Not(inner) : null;
        }

        return at < tokens.Length && tokens[at] is { IsText: false, Text: "(" } ? Bracketed(type, depth) : Comparison(type, depth);
    }

    private Criterion? Bracketed(string type, int depth)
    {
        if (!Take("("))
        {
            return Fail("is to be an opening parenthesis");
        }

        var inner = Expression(type, depth + 1);
        return inner is null ? null : Take(")") ? inner : Fail("is to be a closing parenthesis");
    }

    // A path, an operation, a value. What a path leads through is a chain.
    private Criterion? Comparison(string type, int depth)
    {
        if (++parts > SearchLimits.MaxParts)
        {
            return Fail($"is one of more than {SearchLimits.MaxParts} comparisons");
        }

        if (at >= tokens.Length || tokens[at].IsText)
        {
            return Fail("is to be the name of a parameter");
        }

        return Path(type, tokens[at++].Text, depth);
    }

    private Criterion? Path(string type, string path, int depth)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? path : path[..dot];
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        var code = colon < 0 ? name : name[..colon];
        if (SearchParameterSet.Served.Find(type, code) is not { } parameter)
        {
            at--;
            return Fail($"names no search parameter of {type}");
        }

        if (at < tokens.Length && tokens[at] is { IsText: false, Text: "[" })
        {
            return Narrowed(parameter, depth);
        }

        if (dot >= 0)
        {
            return Chain(parameter, colon < 0 ? null : name[(colon + 1)..], target => Path(target, path[(dot + 1)..], depth + 1), depth);
        }

        if (at + 1 >= tokens.Length || tokens[at].IsText)
        {
            return Fail("is to be an operation and a value");
        }

        var operation = tokens[at++].Text;
        var value = tokens[at++];
        var criterion = comparison.Of(type, parameter, operation, value.Text, out var wrong);
        at -= criterion is null ? 1 : 0;
        return criterion ?? Fail(wrong);
    }

    // related[type eq x].target: both hold of the same resource that the reference leads to.
    private Criterion.Chain? Narrowed(SearchParameter parameter, int depth)
    {
        at++;
        return Chain(parameter, null, target =>
        {
            var inner = Expression(target, depth + 1);
            if (inner is null || !Take("]"))
            {
                return inner is null ? null : Fail("is to be a closing bracket");
            }

            if (at >= tokens.Length || tokens[at].IsText || !tokens[at].Text.StartsWith('.'))
            {
                return inner;
            }

            var rest = Path(target, tokens[at++].Text[1..], depth + 1);
            return rest is null ? null : new Criterion.All([inner, rest]);
        }, depth);
    }

    private Criterion.Chain? Chain(SearchParameter parameter, string? targetType, Func<string, Criterion?> inner, int depth)
    {
        var from = at;
        var targets = ImmutableArray.CreateBuilder<ChainTarget>();
        var end = at;
        foreach (var target in parameter.Targets.Where(t => (targetType is null || t == targetType) && ResourceTables.Has(t)))
        {
            (at, Wrong) = (from, null);
            if (depth <= SearchLimits.MaxDepth && targets.Count < SearchLimits.MaxReach && inner(target) is { } criterion)
            {
                targets.Add(new ChainTarget(target, criterion));
                end = at;
            }
        }

        if (targets.Count == 0)
        {
            at = from;
            Fail("leads to no resource with such a parameter");
            return null;
        }

        (at, Wrong) = (end, null);
        return new Criterion.Chain(parameter, targets.ToImmutable());
    }

    private bool Take(string text)
    {
        var found = at < tokens.Length && !tokens[at].IsText && tokens[at].Text == text;
        at += found ? 1 : 0;
        return found;
    }

    private Criterion? Fail(string rule)
    {
        var place = at < tokens.Length ? "what stands at character " + tokens[at].At.ToString(CultureInfo.InvariantCulture) : "what comes after the end";
        Wrong ??= $"{place} {rule}";
        return null;
    }
}
