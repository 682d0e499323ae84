using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.FhirPath.Checking;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Syntax;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>Whether a search parameter can be added to a set.</summary>
internal static class SearchParameterCheck
{
    private const int LongestCode = 64;

    /// <summary>What is wrong with it, each with its location in the SearchParameter resource; none where it can be used.</summary>
    public static IEnumerable<Issue> Issues(SearchParameter parameter, SearchParameterSet set)
    {
        if (!IsCode(parameter.Code))
        {
            yield return Issue.Error(IssueType.Value, $"A code is a letter, then letters, digits, hyphens and low lines, at most {LongestCode}.", "SearchParameter.code");
        }

        var known = true;
        for (var i = 0; i < parameter.Bases.Length; i++)
        {
            if (Base(parameter, i, set) is { } issue)
            {
                known = false;
                yield return issue;
            }
        }

        for (var i = 0; i < parameter.Targets.Length; i++)
        {
            if (ModelType.Find(parameter.Targets[i]) is not { IsResource: true })
            {
                yield return Issue.Error(IssueType.CodeInvalid, "There is no such resource type.", $"SearchParameter.target[{i}]");
            }
        }

        if (!known)
        {
            yield break;
        }

        var issues = Expression(parameter).ToList();
        foreach (var issue in issues.Count == 0 && parameter.Type == SearchParameterType.Composite ? Components(parameter, set) : issues)
        {
            yield return issue;
        }
    }

    private static Issue? Base(SearchParameter parameter, int index, SearchParameterSet set)
    {
        var type = parameter.Bases[index];
        var location = $"SearchParameter.base[{index}]";
        return ModelType.Find(type) is not { IsResource: true }
                ? Issue.Error(IssueType.CodeInvalid, "There is no such resource type.", location)
            : Others(type, parameter.Code, set).Any(other => other.Url != parameter.Url)
                ? Issue.Error(IssueType.Duplicate, "The type has another search parameter of this code.", location)
            : SearchParameterSet.R4.FindByUrl(parameter.Url) is not null
                ? Issue.Error(IssueType.BusinessRule, "The search parameters of R4 cannot be replaced.", "SearchParameter.url")
            : null;
    }

    private static IEnumerable<SearchParameter> Others(string type, string code, SearchParameterSet set) =>
        (ModelType.Find(type) is { IsOpen: true } ? R4.Definitions.ResourceTypes : [type]).Select(name => set.Find(name, code)).OfType<SearchParameter>();

    private static IEnumerable<Issue> Expression(SearchParameter parameter)
    {
        const string Location = "SearchParameter.expression";
        if (parameter.Expression.Length == 0)
        {
            yield return Issue.Error(IssueType.Required, "A parameter without an expression finds nothing.", Location);
            yield break;
        }

        foreach (var type in parameter.Bases)
        {
            var (found, issue) = TypeOf(parameter.Expression, type, Location);
            if (issue is not null)
            {
                yield return issue;
                yield break;
            }

            if (!SearchedTypes.Allow(parameter.Type, found))
            {
                yield return Issue.Error(IssueType.Value, "What the expression finds cannot be searched as this type.", "SearchParameter.type");
                yield break;
            }
        }
    }

    private static IEnumerable<Issue> Components(SearchParameter parameter, SearchParameterSet set)
    {
        if (parameter.Components.Length < 2)
        {
            yield return Issue.Error(IssueType.Required, "A composite has two components or more.", "SearchParameter.component");
        }

        for (var i = 0; i < parameter.Components.Length; i++)
        {
            var location = $"SearchParameter.component[{i}]";
            if (set.FindByUrl(JsonReading.WithoutVersion(parameter.Components[i].Definition)) is not { } definition)
            {
                yield return Issue.Error(IssueType.NotFound, "There is no search parameter of this url.", location + ".definition");
            }
            else if (definition.Type is SearchParameterType.Composite or SearchParameterType.Special)
            {
                yield return Issue.Error(IssueType.Value, "A component cannot be a composite or special parameter.", location + ".definition");
            }

            else if (Component(parameter, parameter.Components[i].Expression, definition.Type, location + ".expression") is { } issue)
            {
                yield return issue;
            }
        }
    }

    /// <summary>What is wrong with a component's expression, seen from what the composite's own expression finds.</summary>
    private static Issue? Component(SearchParameter parameter, string text, SearchParameterType search, string location)
    {
        var (tree, refusal) = Syntax(text, location);
        if (tree is null)
        {
            return refusal;
        }

        try
        {
            foreach (var root in parameter.Bases.Select(type => TypeOf(parameter.Expression, type, location).Type).Where(found => found.IsKnown).SelectMany(found => found.Types))
            {
                if (!SearchedTypes.Allow(search, TypeChecker.Check(tree, root)))
                {
                    return Issue.Error(IssueType.Value, "What the expression finds cannot be searched as the component's definition says.", location);
                }
            }

            return null;
        }
        catch (FhirPathSyntaxException refused)
        {
            return Issue.Error(IssueType.Invalid, refused.Message, location);
        }
    }

    /// <summary>What the expression finds in a resource of the type, or why it can find nothing.</summary>
    private static (StaticType Type, Issue? Issue) TypeOf(string text, string type, string location)
    {
        var (tree, issue) = Syntax(text, location);
        if (tree is null)
        {
            return (StaticType.Unknown, issue);
        }

        var branches = UnionSides.Concerning(type, tree).ToList();
        if (branches.Count == 0)
        {
            return (StaticType.Unknown, Issue.Error(IssueType.Value, $"The expression has no part for {type}.", location));
        }

        try
        {
            return (branches.Select(branch => TypeChecker.Check(branch, ModelType.Find(type)!)).Aggregate((one, other) => one.Or(other)), null);
        }
        catch (FhirPathSyntaxException refused)
        {
            return (StaticType.Unknown, Issue.Error(IssueType.Invalid, refused.Message, location));
        }
    }

    private static (Expression? Tree, Issue? Issue) Syntax(string text, string location)
    {
        try
        {
            var tree = Parser.Parse(text);
            _ = new Compiler(FhirPathDialect.Search).Compile(tree);
            return (tree, null);
        }
        catch (FhirPathSyntaxException refused)
        {
            return (null, Issue.Error(IssueType.Invalid, refused.Message, location));
        }
    }

    private static bool IsCode(string code) =>
        code.Length is > 0 and <= LongestCode && char.IsAsciiLetter(code[0]) && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
