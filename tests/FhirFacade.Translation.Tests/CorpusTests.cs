using System.Text.Json.Nodes;
using FhirFacade.Hl7v2.Framing;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Tests;

/// <summary>All public sample messages, whatever their type.</summary>
public class CorpusTests
{
    [Fact]
    public void Every_sample_message_becomes_valid_resources_or_fails_with_a_place()
    {
        var translated = 0;
        foreach (var (file, message) in Messages())
        {
            var result = Translator.Default.Translate(message, FeedProfile.Default);
            if (result.IsFailure)
            {
                Assert.Empty(result.Resources);
                Assert.All(result.Issues.Where(i => i.Severity == Hl7Severity.Error), i => Assert.NotEmpty(i.Location));
                continue;
            }

            translated++;
            Assert.All(result.Resources, Feed.AssertValid);
            Assert.All(result.Resources, r => Feed.AssertKeepsR4(r, file));
            Assert.Equal(result.Resources.Length, result.Resources.Select(r => r.Reference).Distinct().Count());
            Assert.Contains(result.Resources, r => r.Type == "Provenance");
            Assert.Single(result.Resources, r => r.Type == "MessageHeader");
            var made = result.Resources.Select(r => r.Reference).ToHashSet();
            Assert.All(result.Resources.SelectMany(r => Feed.References(r.Content)), reference => Assert.True(made.Contains(reference), $"{file}: {reference}"));
            Assert.All(result.Resources, r => AssertNothingEmpty(r.Content, $"{file}: {r.Reference}"));
        }

        Assert.True(translated > 650, $"{translated}");
    }

    [Fact]
    public void Translating_a_message_twice_gives_the_same_bytes()
    {
        foreach (var (file, message) in Messages())
        {
            var first = Translator.Default.Translate(message, FeedProfile.Default);
            var second = Translator.Default.Translate(Hl7Message.Parse(message.Bytes).Message!, FeedProfile.Default);
            Assert.Equal(first.Resources.Select(r => r.Content.ToJsonString()), second.Resources.Select(r => r.Content.ToJsonString()));
            Assert.Equal(first.Unmapped, second.Unmapped);
            Assert.True(first.Issues.SequenceEqual(second.Issues), file);
        }
    }

    [Fact]
    public void Every_populated_field_of_a_sample_message_is_either_traced_or_reported_or_known_to_assembly()
    {
        foreach (var (file, message) in Messages())
        {
            var result = Translator.Default.Translate(message, FeedProfile.Default with { Lineage = true });
            var fields = result.Lineage.Select(l => Coordinate.Parse(l.Field)).Select(c => (c.Segment, c.Ordinal, c.Field)).ToHashSet();
            Assert.All(result.Unmapped.Select(u => Coordinate.Parse(u)).Where(c => c.Repetition == 0), c => Assert.False(fields.Contains((c.Segment, c.Ordinal, c.Field)), $"{file}: {c}"));
        }
    }

    private static IEnumerable<(string File, Hl7Message Message)> Messages() =>
        from file in TestData.MessageFiles()
        from part in BatchReader.Read(File.ReadAllBytes(file)).Messages
        let message = Hl7Message.Parse(part.Bytes).Message
        where message is not null
        select (Path.GetFileName(file), message);

    private static void AssertNothingEmpty(JsonNode node, string where)
    {
        switch (node)
        {
            case JsonObject json:
                Assert.True(json.Count > 0, where);
                foreach (var (name, value) in json)
                {
                    if (value is not null)
                    {
                        AssertNothingEmpty(value, $"{where}.{name}");
                    }
                }

                break;
            case JsonArray list:
                Assert.True(list.Count > 0, where);
                foreach (var item in list.Where(i => i is not null))
                {
                    AssertNothingEmpty(item!, where);
                }

                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                Assert.False(string.IsNullOrWhiteSpace(text), where);
                break;
        }
    }
}
