using System.Text;
using FhirFacade.Translation.Building;
using FsCheck;
using FsCheck.Fluent;
using Nodes = System.Text.Json.Nodes;

namespace FhirFacade.Translation.Tests.Building;

/// <summary>The tree in which resources are built, beside the one of the platform: done the same to, they say the same.</summary>
public class JsonTreeTests
{
    private static readonly Gen<string> Text = Gen.Frequency(
        (3, Gen.Elements("", "Müller", "日本", "𝄞 clef", "2024-05-01T12:00:00+02:00", "<b>&'\"\\/", "\u007F\u2028")),
        (1, ArbMap.Default.GeneratorFor<string>().Select(static text => text ?? "")));

    private static readonly Gen<JsonNode?> Value = Gen.OneOf(
        Text.Select(static text => (JsonNode?)text),
        ArbMap.Default.GeneratorFor<int>().Select(static number => (JsonNode?)number),
        Gen.Elements(5.40m, -0.001m, 100m, 79228162514264337593543950335m, 0.0000000000000000000000000001m).Select(static number => (JsonNode?)number),
        Gen.Elements(true, false).Select(static value => (JsonNode?)value),
        Gen.Constant<JsonNode?>(null));

    // Few names, so that they meet; more than an object holds inside itself.
    private static readonly Gen<(string Name, int Verb, JsonNode? Value)[]> Steps =
        (from name in Gen.Elements("a", "b", "c", "d", "e", "f", "g", "h", "i", "\"\n", "é")
         from verb in Gen.Choose(0, 5)
         from value in Value
         select (name, verb, value)).ArrayOf();

    [Fact]
    public void A_tree_that_is_changed_like_the_platforms_says_the_same() => Prop.ForAll(Arb.From(Steps), static steps =>
    {
        var (tree, platform) = Build(steps);
        Assert.Equal(platform.Select(static p => p.Key), tree.Select(static p => p.Key));
        Assert.True(Nodes.JsonNode.DeepEquals(platform, tree.ToNode()));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_bytes_of_a_tree_are_read_as_what_the_platform_writes_of_it() => Prop.ForAll(Arb.From(Steps), static steps =>
    {
        var (tree, platform) = Build(steps);
        Assert.Equal(platform.ToJsonString(), Nodes.JsonNode.Parse(JsonBytes.Of(tree))!.ToJsonString());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_copy_is_equal_and_does_not_change_with_its_model() => Prop.ForAll(Arb.From(Steps), Arb.From(Steps), static (before, after) =>
    {
        var (tree, _) = Build(before);
        var (copy, bytes) = ((JsonObject)tree.DeepClone(), JsonBytes.Of(tree));
        Assert.True(JsonNode.DeepEquals(tree, copy));
        foreach (var step in after)
        {
            Do(step, tree);
        }

        Assert.Equal(bytes, JsonBytes.Of(copy));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Only_quotes_backslashes_and_control_characters_are_escaped()
    {
        var json = new JsonObject { ["when"] = "2024-05-01T12:00:00+02:00", ["what"] = "<é𝄞>\u007F \"\\\n\u0001\uD800" };
        Assert.Equal("""{"when":"2024-05-01T12:00:00+02:00","what":"<é𝄞>""" + "\u007F" + """ \"\\\n\u0001""" + "\uFFFD\"}", Encoding.UTF8.GetString(JsonBytes.Of(json)));
    }

    [Fact]
    public void A_text_longer_than_the_buffer_is_written_whole()
    {
        var text = new string('日', 70_000) + new string('\u0001', 70_000);
        var bytes = JsonBytes.Of(new JsonObject { ["valueString"] = text });
        Assert.Equal(text, (string?)Nodes.JsonNode.Parse(bytes)!["valueString"]);
    }

    [Fact]
    public void What_is_of_another_kind_is_not_read_as_nothing()
    {
        Assert.Throws<InvalidOperationException>(static () => ((JsonNode)"text")["name"]);
        Assert.Throws<InvalidOperationException>(static () => new JsonObject()[0]);
        Assert.Throws<InvalidOperationException>(static () => (string?)(JsonNode)5);
    }

    private static (JsonObject Tree, Nodes.JsonObject Platform) Build((string Name, int Verb, JsonNode? Value)[] steps)
    {
        var (tree, platform) = (new JsonObject(), new Nodes.JsonObject());
        foreach (var step in steps)
        {
            Do(step, tree);
            Do(step, platform);
        }

        return (tree, platform);
    }

    private static void Do((string Name, int Verb, JsonNode? Value) step, JsonObject json)
    {
        var list = json[step.Name] as JsonArray;
        switch (step.Verb)
        {
            case 0:
                json.Remove(step.Name);
                break;
            case 1 when list is { Count: > 0 }:
                list.RemoveAt(list.Count / 2);
                break;
            case 2 when list is not null:
                list.Insert(list.Count / 2, step.Value);
                break;
            case 3 when list is not null:
                list.Add(new JsonObject { [step.Name] = step.Value, ["list"] = new JsonArray(step.Value, "x") });
                break;
            case 4:
                json[step.Name] = new JsonArray(step.Value, "y");
                break;
            default:
                json[step.Name] = step.Value;
                break;
        }
    }

    private static void Do((string Name, int Verb, JsonNode? Value) step, Nodes.JsonObject json)
    {
        var list = json[step.Name] as Nodes.JsonArray;
        switch (step.Verb)
        {
            case 0:
                json.Remove(step.Name);
                break;
            case 1 when list is { Count: > 0 }:
                list.RemoveAt(list.Count / 2);
                break;
            case 2 when list is not null:
                list.Insert(list.Count / 2, step.Value?.ToNode());
                break;
            case 3 when list is not null:
                list.Add((Nodes.JsonNode)new Nodes.JsonObject { [step.Name] = step.Value?.ToNode(), ["list"] = new Nodes.JsonArray(step.Value?.ToNode(), "x") });
                break;
            case 4:
                json[step.Name] = new Nodes.JsonArray(step.Value?.ToNode(), "y");
                break;
            default:
                json[step.Name] = step.Value?.ToNode();
                break;
        }
    }
}
