using System.Text.Json.Nodes;

namespace FhirFacade.Server.Pages;

/// <summary>A type as the CapabilityStatement describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Resource">Its entry of <c>rest.resource</c>.</param>
internal sealed record ServedType(string Name, JsonObject Resource)
{
    /// <summary>All types of a statement.</summary>
    public static IReadOnlyList<ServedType> Of(JsonObject statement) =>
        [.. statement["rest"]![0]!["resource"]!.AsArray().Select(resource => new ServedType((string)resource!["type"]!, resource.AsObject()))];

    /// <summary>Its search parameters: name, type, and the canonical url of those that are not R4's own.</summary>
    public IEnumerable<(string Name, string Type, string? Definition)> SearchParameters =>
        Items("searchParam").Select(parameter => ((string)parameter["name"]!, (string)parameter["type"]!, (string?)parameter["definition"]));

    /// <summary>Its operations: name and the canonical url of the definition.</summary>
    public IEnumerable<(string Name, string Definition)> Operations => Items("operation").Select(operation => ((string)operation["name"]!, (string)operation["definition"]!));

    /// <summary>The codes of its interactions.</summary>
    public IEnumerable<string> Interactions => Items("interaction").Select(interaction => (string)interaction["code"]!);

    /// <summary>A list of texts, such as <c>searchInclude</c>.</summary>
    public IEnumerable<string> Texts(string name) => (Resource[name]?.AsArray() ?? []).Select(text => (string)text!);

    private IEnumerable<JsonObject> Items(string name) => (Resource[name]?.AsArray() ?? []).Select(item => item!.AsObject());
}
