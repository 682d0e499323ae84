using System.Buffers;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Validation;
using FhirFacade.Server.Render;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Render;

/// <summary>Whole, indented and partial renderings of the official R4 examples, where they are at hand.</summary>
public sealed class PartialResourceTests
{
    [Fact]
    public void Indentation_changes_nothing_but_white_space()
    {
        foreach (var (_, bytes, whole) in Examples())
        {
            Assert.True(JsonElement.DeepEquals(whole, Render(bytes, Rendering.Default with { Pretty = true })));
        }
    }

    [Fact]
    public void An_indented_array_has_one_item_a_line_and_the_digits_and_signs_that_it_had()
    {
        var bytes = """{"resourceType":"Patient","id":"a","name":[{"given":["A+B",null,"Ä"]}],"x":[1,2.50,true],"y":1.50}"""u8.ToArray();
        var text = System.Text.Encoding.UTF8.GetString(RenderBytes(bytes, Rendering.Default with { Pretty = true })).ReplaceLineEndings("\n");
        Assert.Contains("[\n        \"A+B\",\n        null,\n        \"Ä\"\n      ]", text, StringComparison.Ordinal);
        Assert.Contains("\"y\": 1.50", text, StringComparison.Ordinal);
        Assert.Contains("2.50", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_verbatim_rendering_is_the_bytes_themselves()
    {
        foreach (var (_, bytes, _) in Examples())
        {
            Assert.Equal(bytes, RenderBytes(bytes, Rendering.Default));
        }
    }

    [Theory]
    [InlineData(Summary.True)]
    [InlineData(Summary.Text)]
    [InlineData(Summary.Data)]
    public void A_part_has_nothing_that_the_whole_has_not_and_says_that_it_is_a_part(Summary summary)
    {
        foreach (var pretty in new[] { false, true })
        {
            foreach (var (name, bytes, whole) in Examples())
            {
                var part = Render(bytes, Rendering.Default with { Summary = summary, Pretty = pretty });
                Assert.True(IsPart(part, whole, top: true), name);
                Assert.Contains("SUBSETTED", part.GetProperty("meta").GetProperty("tag").EnumerateArray().Select(t => t.GetProperty("code").GetString()));
                Assert.Equal(whole.GetProperty("id").GetString(), part.GetProperty("id").GetString());
            }
        }
    }

    [Fact]
    public void The_halves_text_and_data_hold_everything_between_them()
    {
        foreach (var (name, bytes, whole) in Examples())
        {
            var text = Render(bytes, Rendering.Default with { Summary = Summary.Text });
            var data = Render(bytes, Rendering.Default with { Summary = Summary.Data });
            var names = text.EnumerateObject().Concat(data.EnumerateObject()).Select(p => p.Name).Append("meta").ToHashSet();
            Assert.True(whole.EnumerateObject().All(p => names.Contains(p.Name)), name);
        }
    }

    [Fact]
    public void A_part_of_a_valid_resource_is_valid()
    {
        Rendering[] renderings = [Rendering.Default with { Summary = Summary.True }, Rendering.Default with { Summary = Summary.Data }, Rendering.Default with { Elements = ["language"] }];
        foreach (var (name, bytes, whole) in Examples().Where(e => !Errors(e.Whole).Any()))
        {
            foreach (var rendering in renderings)
            {
                var errors = string.Join('\n', Errors(Render(bytes, rendering)).Select(i => $"{name}: {i}"));
                Assert.True(errors.Length == 0, errors);
            }
        }
    }

    [Fact]
    public void An_element_of_which_no_part_is_summary_stays_whole_instead_of_empty()
    {
        var bytes = """{"resourceType":"Patient","id":"a","name":[{"extension":[{"url":"urn:x","valueCode":"y"}]},{"family":"B","id":"c"}]}"""u8.ToArray();
        var names = Render(bytes, Rendering.Default with { Summary = Summary.True }).GetProperty("name");
        Assert.Equal("""{"extension":[{"url":"urn:x","valueCode":"y"}]}""", names[0].GetRawText());
        Assert.Equal("""{"family":"B"}""", names[1].GetRawText());
    }

    private static IEnumerable<(string Name, byte[] Bytes, JsonElement Whole)> Examples()
    {
        var folder = RepositoryFiles.TestData is { } data ? Path.Combine(data, "fhir", "r4-examples") : null;
        Assert.SkipUnless(Directory.Exists(folder), "the official R4 examples are not at hand");
        foreach (var file in Directory.EnumerateFiles(folder!, "*.json", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(file);
            var whole = JsonElement.Parse(bytes);
            if (whole.TryGetProperty("resourceType", out _) && whole.TryGetProperty("id", out _))
            {
                yield return (Path.GetFileName(file), bytes, whole);
            }
        }
    }

    /// <summary>What is wrong, but for references into <c>contained</c>, which is no part of a summary.</summary>
    private static IEnumerable<Issue> Errors(JsonElement resource) => StructureValidator.Validate(resource).Where(i => i.IsError && i.Code != IssueType.Invariant);

    private static JsonElement Render(byte[] bytes, Rendering rendering) => JsonElement.Parse(RenderBytes(bytes, rendering));

    private static byte[] RenderBytes(byte[] bytes, Rendering rendering)
    {
        var type = JsonElement.Parse(bytes).GetProperty("resourceType").GetString()!;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, rendering.WriterOptions))
        {
            StoredJson.Write(writer, type, bytes, rendering);
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static bool IsPart(JsonElement part, JsonElement whole, bool top = false) => (part.ValueKind, whole.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => part.EnumerateObject().All(p =>
            top && p.Name == "meta" || whole.TryGetProperty(p.Name, out var other) && IsPart(p.Value, other)),
        (JsonValueKind.Array, JsonValueKind.Array) => part.GetArrayLength() == whole.GetArrayLength()
            && part.EnumerateArray().Zip(whole.EnumerateArray()).All(pair => IsPart(pair.First, pair.Second)),
        _ => part.GetRawText() == whole.GetRawText(),
    };
}
