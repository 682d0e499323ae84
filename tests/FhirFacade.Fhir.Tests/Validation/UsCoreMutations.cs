using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Tests.Validation;

/// <summary>A resource broken in one place.</summary>
/// <param name="What">How.</param>
/// <param name="Location">Where an issue has to be.</param>
/// <param name="Resource">The broken resource.</param>
internal sealed record Mutation(string What, string Location, JsonObject Resource);

/// <summary>Breaks one rule of a profile at a time.</summary>
internal static class UsCoreMutations
{
    public static IEnumerable<Mutation> Of(JsonElement example, Profile profile)
    {
        var type = R4.Definitions.Type(profile.Type)!;
        foreach (var child in profile.Root.Children)
        {
            var element = type.Element(child.Name)!;
            var name = TypeDefinition.JsonNamesOf(element).FirstOrDefault(jsonName => example.TryGetProperty(jsonName, out _));
            if (name is null)
            {
                continue;
            }

            var location = $"{profile.Type}.{child.Name}";
            var place = location + (element.IsChoice ? $".ofType({type.TryMatch(name, out var match) switch { _ => match!.TypeName }})" : "") + (element.IsArray ? "[0]" : "");
            if (child.Min > 0 || child.Slices.Any(slice => slice.Min > 0))
            {
                yield return Make("removed", location, example, resource => resource.Remove(name));
            }

            if (!element.IsChoice && child.Slices.Any(slice => slice.Min > 0) && Codings(Copy(example)[name]).Any())
            {
                yield return Make("slice broken", location, example, resource => Codings(resource[name]).ToList().ForEach(coding => coding["code"] = "bogus"));
            }

            if (child.Pattern.ValueKind == JsonValueKind.Object && Codings(Copy(example)[name]).Any())
            {
                yield return Make("pattern broken", place, example, resource => Codings(resource[name]).ToList().ForEach(coding => coding["code"] = "bogus"));
            }

            if (child.Types is [{ Code: "Reference", TargetProfiles: [_, ..] targets }] && !targets.Any(target => target.EndsWith("/Resource", StringComparison.Ordinal)))
            {
                yield return Make("other target", place, example, resource => First(resource[name]!)["reference"] = "Binary/x");
            }

            if (child.Types is [{ Code: not "dateTime" }, ..] or [{ Code: "dateTime" }] && element.IsChoice && !child.Types.Any(allowed => allowed.Code == element.Types[^1]))
            {
                var other = element.Types[^1];
                var otherName = TypeDefinition.JsonNamesOf(element).Last();
                yield return Make("other type", $"{location}.ofType({other})", example, resource =>
                {
                    resource.Remove(name);
                    resource[otherName] = R4.Definitions.Type(other)!.Kind == TypeKind.Primitive ? "2024-01-01T10:00:00Z" : new JsonObject { ["id"] = "x", ["extension"] = new JsonArray(new JsonObject { ["url"] = "http://example.org/e", ["valueCode"] = "x" }) };
                });
            }

            if (element.Types is ["code"] && (child.Binding ?? element.Binding) is { Strength: BindingStrength.Required })
            {
                yield return Make("other code", place, example, resource => resource[name] = "bogus");
            }

            foreach (var inner in child.Children.Where(inner => inner.Min > 0 && example.TryGetProperty(name, out var value) && First(value).TryGetProperty(inner.Name, out _)))
            {
                yield return Make("removed", $"{place}.{inner.Name}", example, resource => First(resource[name]!).Remove(inner.Name));
            }
        }

        yield return Make("unknown element", $"{profile.Type}.bogus", example, resource => resource["bogus"] = 1);
        yield return Make("unsafe narrative", $"{profile.Type}.text.div", example, resource => resource["text"] = new JsonObject
        {
            ["status"] = "generated", ["div"] = "<div xmlns=\"http://www.w3.org/1999/xhtml\">x<script>1</script></div>",
        });
    }

    private static Mutation Make(string what, string location, JsonElement example, Action<JsonObject> spoil)
    {
        var copy = Copy(example);
        spoil(copy);
        return new Mutation(what, location, copy);
    }

    private static JsonObject Copy(JsonElement example) => JsonNode.Parse(example.GetRawText())!.AsObject();

    private static JsonObject First(JsonNode node) => node as JsonObject ?? node.AsArray()[0]!.AsObject();

    private static JsonElement First(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? First(value[0]) : value.ValueKind == JsonValueKind.Object ? value : JsonDocument.Parse("{}").RootElement;

    private static IEnumerable<JsonObject> Codings(JsonNode? node) => node switch
    {
        JsonArray items => items.SelectMany(Codings),
        JsonObject concept when concept["coding"] is JsonArray codings => codings.Select(coding => coding!.AsObject()),
        _ => [],
    };
}
