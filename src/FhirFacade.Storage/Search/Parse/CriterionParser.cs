using System.Collections.Immutable;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Schema;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>Reads one <c>parameter=value</c>: chains and <c>_has</c> to any depth, the parameter itself at the end.</summary>
internal sealed class CriterionParser(QueryIssues issues, DateTimeOffset now)
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
        if (SearchParameterSet.Served.Find(type, code) is not { } parameter)
        {
            issues.Unsupported(whole, $"{type} has no such search parameter");
            return null;
        }

        if (parameter.Type is SearchParameterType.Composite or SearchParameterType.Special || parameter.Expression.Length == 0)
        {
            issues.Unsupported(whole, "this search parameter is not offered");
            return null;
        }

        return modifier == "missing" ? ParseMissing(parameter, value, whole) : ParseValues(parameter, modifier, value, whole);
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

    private Criterion.Matches? ParseValues(SearchParameter parameter, string? modifierText, string value, string whole)
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
            if (SearchValueParser.Parse(parameter, modifier, targetType, part, now) is not { } parsed)
            {
                issues.Malformed(whole, $"is not a {SearchValueParser.Form(parameter.Type, modifier)}");
                return null;
            }

            values.Add(parsed);
        }

        return new Criterion.Matches(parameter, modifier, values.ToImmutable());
    }

    private static SearchModifier? Modifier(SearchParameterType type, string? text) => (type, text) switch
    {
        (_, null) => SearchModifier.None,
        (SearchParameterType.String, "exact") => SearchModifier.Exact,
        (SearchParameterType.String, "contains") => SearchModifier.Contains,
        (SearchParameterType.Token, "not") => SearchModifier.Not,
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
        return rest.StartsWith(HasPrefix, StringComparison.Ordinal)
            || SearchParameterSet.Served.Find(type, end < 0 ? rest : rest[..end]) is not null;
    }

    private static SearchParameter? Reference(string type, string code) =>
        SearchParameterSet.Served.Find(type, code) is { Type: SearchParameterType.Reference } reference ? reference : null;

    private static (string Code, string? Modifier) SplitModifier(string key)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (key, null) : (key[..colon], key[(colon + 1)..]);
    }
}
