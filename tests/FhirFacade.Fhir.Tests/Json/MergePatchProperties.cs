using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Fhir.Tests.Json;

public sealed class MergePatchProperties
{
    private static readonly Arbitrary<JsonObject> Any = JsonGenerators.Encounter.ToArbitrary();

    [Fact]
    public void The_same_message_again_changes_nothing() => Prop.ForAll(Any, Any, (stored, message) =>
    {
        var once = MergePatch.Apply(MergePatch.WithoutNulls(stored), message);
        return JsonNode.DeepEquals(once, MergePatch.Apply(once, message));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_element_that_is_null_is_gone_and_one_that_is_absent_is_as_it_was() => Prop.ForAll(Any, Any, (stored, message) =>
    {
        stored = MergePatch.WithoutNulls(stored);
        var merged = MergePatch.Apply(stored, message);
        return stored.All(property => property.Key is "resourceType" or "id" or "meta" || message.ContainsKey(property.Key.TrimStart('_')) || message.ContainsKey("_" + property.Key.TrimStart('_'))
                || JsonNode.DeepEquals(property.Value, merged[property.Key]))
            && message.All(property => property.Value is not null || property.Key is "id" or "meta" || merged[property.Key] is null);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_null_or_empty_is_left() => Prop.ForAll(Any, Any, (stored, message) =>
        IsFilled(MergePatch.Apply(MergePatch.WithoutNulls(stored), message))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_message_on_nothing_is_the_message_without_nulls_and_without_what_the_store_writes() => Prop.ForAll(Any, message =>
    {
        var expected = MergePatch.WithoutNulls(message);
        (expected["meta"] as JsonObject)?.Remove("versionId");
        return JsonNode.DeepEquals(expected, MergePatch.Apply(null, message));
    }).QuickCheckThrowOnFailure();

    private static bool IsFilled(JsonNode? node) => node switch
    {
        JsonObject json => json.Count > 0 && json.All(property => IsFilled(property.Value)),
        JsonArray json => json.Any(item => item is not null) && json.All(item => item is null || IsFilled(item)),
        null => false,
        _ => true,
    };
}
