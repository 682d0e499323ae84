using System.Collections.Immutable;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>Reads one <c>parameter=value</c>: chains and <c>_has</c> to any depth, the parameter itself at the end.</summary>
internal sealed class CriterionParser(QueryIssues issues, DateTimeOffset now, TerminologySet terminology)
{
    private const string HasPrefix = "_has:";
    private int reach;

    /// <summary>The criterion; null if there is none, and then the issues say why.</summary>
    public Criterion? Parse(string type, string key, string value)
    {
        if (value.Length == 0)
        {
            issues.Unsupported(key, "has no value");
            return null;
        }

        return Parse(type, key, value, key, 0);
    }

    private Criterion? Parse(string type, string key, string value, string whole, int depth)
    {
        if (depth > SearchLimits.MaxDepth)
        {
            issues.TooCostly(whole, $"goes further than {SearchLimits.MaxDepth} resources");
            return null;
        }

        if (key.StartsWith(HasPrefix, StringComparison.Ordinal))
        {
            return ParseHas(type, key, value, whole, depth);
        }

        var dot = key.IndexOf('.', StringComparison.Ordinal);
        return dot < 0
            ? ParseMatch(type, key, value, whole)
            : ParseChain(type, key[..dot], key[(dot + 1)..], value, whole, depth);
    }

    private Criterion.Has? ParseHas(string type, string key, string value, string whole, int depth)
    {
        var parts = key.Split(':', 4);
        if (parts.Length < 4 || parts[3].Length == 0)
        {
            issues.Malformed(whole, "is not of the form _has:Type:reference:parameter");
            return null;
        }

        var source = parts[1];
        if (!ResourceTables.Has(source) || Reference(source, parts[2]) is not { } reference || !reference.Targets.Contains(type))
        {
            issues.Unsupported(whole, $"names no reference to {type}");
            return null;
        }

        return Reaches(whole) && Parse(source, parts[3], value, whole, depth + 1) is { } criterion
            ? new Criterion.Has(source, reference, criterion)
            : null;
    }

    private Criterion.Chain? ParseChain(string type, string link, string rest, string value, string whole, int depth)
    {
        var (code, modifier) = SplitModifier(link);
        if (Reference(type, code) is not { } reference)
        {
            issues.Unsupported(whole, $"{type} has no such reference to chain through");
            return null;
        }

        ImmutableArray<string> types = [.. reference.Targets.Where(t => (modifier is null || t == modifier) && ResourceTables.Has(t) && Knows(t, rest))];
        if (types.IsEmpty)
        {
            issues.Unsupported(whole, "no resource that the chain may lead to has such a parameter");
            return null;
        }

        var targets = ImmutableArray.CreateBuilder<ChainTarget>();
        foreach (var target in types)
        {
            if (!Reaches(whole) || Parse(target, rest, value, whole, depth + 1) is not { } criterion)
            {
                return null;
            }

            targets.Add(new ChainTarget(target, criterion));
        }

        return new Criterion.Chain(reference, targets.ToImmutable());
    }

    private Criterion? ParseMatch(string type, string key, string value, string whole)
    {
        var (code, modifier) = SplitModifier(key);
        switch (code)
        {
            case "_filter" when modifier is null:
                return ParseFilter(type, value, whole);
            case "_text" or "_content" when modifier is null && SearchParameterSet.Served.Find(type, code) is not null:
                return Words(value, code == "_content", whole);
            case "_list" when modifier is null:
                return InList(type, value, whole);
        }

        if (SearchParameterSet.Served.Find(type, code) is not { } parameter)
        {
            if (SearchParameterSet.Indexed.Find(type, code) is not null)
            {
                issues.Incomplete(whole);
            }
            else
            {
                issues.Unsupported(whole, $"{type} has no such search parameter");
            }

            return null;
        }

        if (!SearchOffer.Includes(parameter))
        {
            issues.Unsupported(whole, "this search parameter is not offered");
            return null;
        }

        return modifier == "missing" ? ParseMissing(parameter, value, whole) : ParseValues(type, parameter, modifier, value, whole);
    }

    private Criterion? ParseFilter(string type, string value, string whole)
    {
        if (FilterTokens.Of(value) is not { IsEmpty: false } tokens)
        {
            issues.Malformed(whole, "is not a filter: it is empty, or a text in it has no end");
            return null;
        }

        var parser = new FilterParser(new FilterComparison(terminology, now), tokens);
        var filter = parser.Parse(type);
        if (filter is null)
        {
            issues.Malformed(whole, parser.Wrong ?? "is not a filter");
        }

        return filter;
    }

    private Criterion? Words(string value, bool anywhere, string whole)
    {
        var words = WordsParser.Parse(EscapedText.Unescape(value), anywhere);
        if (words is null)
        {
            issues.Malformed(whole, "is not an expression of words, AND, OR, NOT and parentheses");
        }

        return words;
    }

    // The members of a list are what refers to it the other way round. Lists that a function makes ($current-...) are not offered.
    private Criterion? InList(string type, string value, string whole)
    {
        if (ReferenceValueParser.Parse(value, "List") is not SearchValue.Reference { Id: var id })
        {
            issues.Unsupported(whole, "is not the id of a List");
            return null;
        }

        return Reference("List", "item") is { } item && item.Targets.Contains(type) && SearchParameterSet.Served.Find("List", "_id") is { } listId
            ? new Criterion.Has("List", item, new Criterion.Matches(listId, SearchModifier.None, [new SearchValue.Token(true, null, id)]))
            : Unlisted();

        Criterion? Unlisted()
        {
            issues.Unsupported(whole, $"no list can hold {type}");
            return null;
        }
    }

    private Criterion.Missing? ParseMissing(SearchParameter parameter, string value, string whole)
    {
        if (value is not ("true" or "false"))
        {
            issues.Malformed(whole, "is true or false");
            return null;
        }

        return new Criterion.Missing(parameter, value == "true");
    }

    private Criterion.Matches? ParseValues(string type, SearchParameter parameter, string? modifierText, string value, string whole)
    {
        var targetType = parameter.Type == SearchParameterType.Reference && modifierText is not null && parameter.Targets.Contains(modifierText)
            ? modifierText
            : null;
        if (Modifier(parameter.Type, targetType is null ? modifierText : null) is not { } modifier)
        {
            issues.UnsupportedModifier(whole, "this modifier is not offered for the parameter");
            return null;
        }

        var parts = EscapedText.Split(value, ',');
        if (parts.Length > SearchLimits.MaxValues)
        {
            issues.TooCostly(whole, $"has more than {SearchLimits.MaxValues} values");
            return null;
        }

        var values = ImmutableArray.CreateBuilder<SearchValue>(parts.Length);
        foreach (var part in parts)
        {
            if (IsCodeSet(parameter, modifier))
            {
                if (CodeSet(type, parameter, modifier, part, whole) is not { } codes)
                {
                    return null;
                }

                values.Add(codes);
                continue;
            }

            if (SearchValueParser.Parse(parameter, modifier, targetType, part, now) is not { } parsed || !Fits(parameter, modifier, parsed))
            {
                issues.Malformed(whole, $"is not a {SearchValueParser.Form(parameter.Type, modifier)}");
                return null;
            }

            values.Add(parsed);
        }

        return new Criterion.Matches(parameter, modifier, values.ToImmutable());
    }

    private static bool IsCodeSet(SearchParameter parameter, SearchModifier modifier) => parameter.Type == SearchParameterType.Token
        && modifier is SearchModifier.In or SearchModifier.NotIn or SearchModifier.Above or SearchModifier.Below;

    private SearchValue.Codes? CodeSet(string type, SearchParameter parameter, SearchModifier modifier, string value, string whole)
    {
        var plain = CodeSets.IsPlainCode(type, parameter);
        var (codes, reason) = modifier is SearchModifier.In or SearchModifier.NotIn
            ? CodeSets.OfValueSet(terminology, EscapedText.Unescape(value), plain)
            : TokenValueParser.Parse(value) is { } token ? CodeSets.OfBranch(terminology, token, modifier == SearchModifier.Above, plain)
            : (null, "needs the form system|code");
        if (codes is null)
        {
            issues.UnsupportedModifier(whole, reason);
        }

        return codes;
    }

    // A hierarchy of resources begins with one of a known type.
    private static bool Fits(SearchParameter parameter, SearchModifier modifier, SearchValue value) =>
        parameter.Type != SearchParameterType.Reference || modifier is not (SearchModifier.Above or SearchModifier.Below)
        || (value is SearchValue.Reference { Type: { } type } && Hierarchies.ParentOf(type) is not null);

    private static SearchModifier? Modifier(SearchParameterType type, string? text) => (type, text) switch
    {
        (_, null) => SearchModifier.None,
        (SearchParameterType.String, "exact") => SearchModifier.Exact,
        (SearchParameterType.String, "contains") => SearchModifier.Contains,
        (SearchParameterType.Token, "not") => SearchModifier.Not,
        (SearchParameterType.Token, "text") => SearchModifier.Text,
        (SearchParameterType.Token, "in") => SearchModifier.In,
        (SearchParameterType.Token, "not-in") => SearchModifier.NotIn,
        (SearchParameterType.Token, "of-type" or "ofType") => SearchModifier.OfType,
        (SearchParameterType.Token or SearchParameterType.Uri or SearchParameterType.Reference, "above") => SearchModifier.Above,
        (SearchParameterType.Token or SearchParameterType.Uri or SearchParameterType.Reference, "below") => SearchModifier.Below,
        (SearchParameterType.Reference, "identifier") => SearchModifier.Identifier,
        _ => null,
    };

    private bool Reaches(string whole)
    {
        reach++;
        if (reach <= SearchLimits.MaxReach)
        {
            return true;
        }

        issues.TooCostly(whole, "may lead to too many types of resource; name the type, as in subject:Patient.name");
        return false;
    }

    private static bool Knows(string type, string rest)
    {
        var end = rest.IndexOfAny(['.', ':']);
        var code = end < 0 ? rest : rest[..end];
        return rest.StartsWith(HasPrefix, StringComparison.Ordinal) || code is "_filter" or "_list" || SearchParameterSet.Served.Find(type, code) is not null;
    }

    private static SearchParameter? Reference(string type, string code) =>
        SearchParameterSet.Served.Find(type, code) is { Type: SearchParameterType.Reference } reference ? reference : null;

    private static (string Code, string? Modifier) SplitModifier(string key)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (key, null) : (key[..colon], key[(colon + 1)..]);
    }
}
