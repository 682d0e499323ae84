using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Definitions;

/// <summary>Reads StructureDefinition resources that constrain a type.</summary>
internal static class ProfileReader
{
    /// <summary>The property that holds the elements in a reduced profile.</summary>
    public const string Elements = "elements";

    /// <summary>
    /// The profile, with its elements reduced to what they add to the types of R4; null for definitions of new types and
    /// logical models. What cannot be read is an issue. JSON that the profile keeps is copied.
    /// </summary>
    public static Profile? Read(JsonElement resource, DefinitionSet types, ImmutableArray<Issue>.Builder issues)
    {
        if (resource.Text("url") is not { } url || resource.Text("type") is not { } typeName || resource.Text("derivation") != "constraint")
        {
            return null;
        }

        if (types.Type(typeName) is not { } type)
        {
            return null;
        }

        var hasSnapshot = resource.Part("snapshot").Items("element").Any();
        return Read(resource, url, type, (hasSnapshot ? resource.Part("snapshot") : resource.Part("differential")).Items("element"), !hasSnapshot, types, issues);
    }

    /// <summary>Reads what <see cref="ProfileFile"/> wrote.</summary>
    public static Profile? ReadReduced(JsonElement resource, DefinitionSet types, bool isDifferential, ImmutableArray<Issue>.Builder issues) =>
        Read(resource, resource.Text("url")!, types.Type(resource.Text("type")!)!, resource.Part(Elements).Items("element"), isDifferential, types, issues);

    private static Profile? Read(
        JsonElement resource, string url, TypeDefinition type, IEnumerable<JsonElement> elements, bool isDifferential, DefinitionSet types, ImmutableArray<Issue>.Builder issues)
    {
        var draft = ProfileDraft.Build(type.Name, elements, out var unreadable);
        if (unreadable is not null)
        {
            issues.Add(Issue.Error(IssueType.Invalid, $"The profile {url} cannot be used: {unreadable}", "StructureDefinition"));
            return null;
        }

        return new Profile(
            JsonReading.WithoutVersion(url),
            resource.Text("version"),
            type.Name,
            resource.Text("baseDefinition") is { } baseUrl ? JsonReading.WithoutVersion(baseUrl) : null,
            isDifferential,
            [.. resource.Items("context").Select(context => new ExtensionContext(context.Text("type") ?? "element", context.Text("expression") ?? ""))],
            draft!.ToElement(type, types))
        {
            ContextInvariants = [.. resource.Texts("contextInvariant")],
        };
    }
}
