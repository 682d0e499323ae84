using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>Reads SearchParameter resources: https://hl7.org/fhir/R4/searchparameter.html</summary>
internal static class SearchParameterReader
{
    /// <summary>The parameter, or what it lacks. What it says is not yet looked at.</summary>
    public static (SearchParameter? Parameter, ImmutableArray<Issue> Issues) Read(JsonElement resource)
    {
        if (resource.Text("resourceType") != "SearchParameter")
        {
            return (null, [Issue.Error(IssueType.Structure, "The resource is no SearchParameter.")]);
        }

        var issues = ImmutableArray.CreateBuilder<Issue>();
        foreach (var name in (ReadOnlySpan<string>)["url", "code", "type"])
        {
            if (resource.Text(name) is not { Length: > 0 })
            {
                issues.Add(Issue.Error(IssueType.Required, "The element is required.", $"SearchParameter.{name}"));
            }
        }

        if (!resource.Texts("base").Any())
        {
            issues.Add(Issue.Error(IssueType.Required, "At least one type is required.", "SearchParameter.base"));
        }

        if (resource.Text("type") is { Length: > 0 } typeName && !TryType(typeName, out _))
        {
            issues.Add(Issue.Error(IssueType.CodeInvalid, "There is no such type of search parameter.", "SearchParameter.type"));
        }

        return issues.Count > 0 ? (null, issues.ToImmutable()) : (Facts(resource), []);
    }

    /// <summary>The same facts from a line of <c>search-parameters.jsonl</c>, or from a resource that has been looked at.</summary>
    public static SearchParameter Facts(JsonElement resource) => new(
        Interned(resource, "code"),
        TryType(resource.Text("type") ?? "", out var type) ? type : SearchParameterType.Special,
        [.. resource.Texts("base").Select(string.Intern)],
        resource.Text("expression") ?? "",
        [.. resource.Texts("target").Select(string.Intern)],
        [.. resource.Items("component").Select(component => new CompositeComponent(component.Text("definition") ?? "", component.Text("expression") ?? ""))],
        Interned(resource, "url"));

    private static bool TryType(string name, out SearchParameterType type) =>
        Enum.TryParse(name, ignoreCase: true, out type) && char.IsAsciiLetterLower(name[0]);

    private static string Interned(JsonElement resource, string name) => string.Intern(resource.Text(name) ?? "");
}
