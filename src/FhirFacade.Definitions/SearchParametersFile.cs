using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Definitions;

/// <summary>
/// search-parameters.jsonl, one a line, by url: <c>{"code","type","base":[],"expression","target":[],"component":[{"definition","expression"}],"url"}</c>;
/// expression, target and component only where there are any. The package has some that R4 does not; R4's are those that
/// its base capability statement lists, and the ones of all resources, which begin with an underscore.
/// </summary>
internal static class SearchParametersFile
{
    public static IEnumerable<string> Lines(string folder)
    {
        var listed = BundleFile.Read(folder, "profiles-resources.json", "CapabilityStatement").Single(statement => statement.Text("id") == "base")
            .Items("rest").SelectMany(rest => rest.Items("resource")).SelectMany(resource => resource.Items("searchParam"))
            .Select(parameter => parameter.Text("definition")!).ToHashSet(StringComparer.Ordinal);
        return BundleFile.Read(folder, "search-parameters.json", "SearchParameter")
            .Where(parameter => parameter.Text("code")!.StartsWith('_') || listed.Contains(parameter.Text("url")!))
            .OrderBy(parameter => parameter.Text("url"), StringComparer.Ordinal)
            .Select(Line);
    }

    /// <summary>The line of a SearchParameter resource.</summary>
    public static string Line(JsonElement parameter) => Facts(parameter).ToJsonString(JsonLine.Options);

    private static JsonObject Facts(JsonElement parameter)
    {
        var line = new JsonObject
        {
            ["code"] = parameter.Text("code"),
            ["type"] = parameter.Text("type"),
            ["base"] = List(parameter.Texts("base")),
        };
        if (parameter.Text("expression") is { } expression)
        {
            line["expression"] = expression;
        }

        if (parameter.Texts("target").Any())
        {
            line["target"] = List(parameter.Texts("target"));
        }

        if (parameter.Items("component").Any())
        {
            line["component"] = new JsonArray([.. parameter.Items("component").Select(component =>
                new JsonObject { ["definition"] = component.Text("definition"), ["expression"] = component.Text("expression") })]);
        }

        line["url"] = parameter.Text("url");
        return line;
    }

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
