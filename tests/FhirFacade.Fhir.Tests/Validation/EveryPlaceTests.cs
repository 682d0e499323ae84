using System.Text.Json.Nodes;
using FhirFacade.Fhir.Outcomes;
using Xunit;

namespace FhirFacade.Fhir.Tests.Validation;

/// <summary>The same fault put into every place of the valid resources, one at a time.</summary>
public sealed class EveryPlaceTests
{
    private static readonly Dictionary<string, string> Choices = new(StringComparer.Ordinal)
    {
        ["valueQuantity"] = "value.ofType(Quantity)",
        ["valueInteger"] = "value.ofType(integer)",
        ["valueCode"] = "value.ofType(code)",
        ["valueDateTime"] = "value.ofType(dateTime)",
        ["valuePositiveInt"] = "value.ofType(positiveInt)",
        ["effectivePeriod"] = "effective.ofType(Period)",
        ["deceasedBoolean"] = "deceased.ofType(boolean)",
    };

    [Fact]
    public void An_unknown_element_is_found_in_every_object() => ForEach(
        node => node is JsonObject,
        node => node["bogus"] = 1,
        (location, issues) => Assert.Equal(location + ".bogus", Assert.Single(issues).Expression));

    [Fact]
    public void An_empty_text_is_found_in_every_element() => ForEach(
        node => node is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.String && !IsResourceType(node),
        node => node.ReplaceWith(""),
        (location, issues) => Assert.Contains(issues, issue => issue.Expression == location && issue.Code == IssueType.Structure));

    [Fact]
    public void An_empty_array_is_found_in_every_element_that_repeats() => ForEach(
        node => node is JsonArray,
        node => ((JsonArray)node).Clear(),
        (location, issues) => Assert.Contains(issues, issue => issue.Expression == location && issue.Code == IssueType.Structure));

    [Fact]
    public void An_empty_object_is_found_in_every_element_with_parts() => ForEach(
        node => node is JsonObject && node.Parent is not null,
        node => ((JsonObject)node).Clear(),
        (location, issues) => Assert.Contains(issues, issue => issue.Expression == location));

    [Fact]
    public void An_array_is_found_in_every_place_where_none_may_be() => ForEach(
        node => node.Parent is JsonArray || (node is not JsonArray && node.Parent is not null && !IsResourceType(node)),
        node => node.ReplaceWith(new JsonArray(1)),
        (location, issues) => Assert.Contains(issues, issue => issue.Expression == location && issue.Code == IssueType.Structure));

    private static bool IsResourceType(JsonNode node) => node.Parent is JsonObject && node.GetPropertyName() == "resourceType";

    private static void ForEach(Func<JsonNode, bool> applies, Action<JsonNode> spoil, Action<string, IReadOnlyList<Issue>> check)
    {
        var count = 0;
        foreach (var name in ValidResources.ByName.Keys)
        {
            for (var position = 0; ; position++)
            {
                var resource = ValidResources.Copy(name);
                if (Places(resource, name).Where(place => applies(place.Node)).ElementAtOrDefault(position) is not { Node: { } node } found)
                {
                    break;
                }

                spoil(node);
                check(found.Location, StructureValidatorTests.Validate(resource));
                count++;
            }
        }

        Assert.True(count > 20);
    }

    private static IEnumerable<(JsonNode Node, string Location)> Places(JsonNode node, string location)
    {
        yield return (node, location);
        var children = node switch
        {
            JsonObject json => json.Select(property => (property.Value, location + "." + (Choices.TryGetValue(property.Key, out var choice) ? choice : property.Key.TrimStart('_')))),
            JsonArray json => json.Select((item, index) => (item, $"{location}[{index}]")),
            _ => [],
        };
        foreach (var (child, place) in children)
        {
            foreach (var inner in child is null ? [] : Places(child, place))
            {
                yield return inner;
            }
        }
    }
}
