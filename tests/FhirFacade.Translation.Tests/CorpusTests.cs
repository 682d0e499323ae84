using System.Text.Json.Nodes;
using FhirFacade.Hl7v2.Framing;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Tests;

/// <summary>All public sample messages, whatever their type.</summary>
public class CorpusTests
{
    [Fact]
    public void Every_sample_message_becomes_valid_resources_and_names_every_field_that_it_did_not_use()
    {
        var translated = 0;
        Parallel.ForEach(Messages().ToList(), sample =>
        {
            var (file, message) = sample;
            var result = Translator.Default.Translate(message, FeedProfile.Default with { Lineage = true });
            if (result.IsFailure)
            {
                Assert.Empty(result.Resources);
                Assert.All(result.Issues.Where(i => i.Severity == Hl7Severity.Error), i => Assert.NotEmpty(i.Location));
                return;
            }

            Interlocked.Increment(ref translated);
            foreach (var resource in result.Resources)
            {
                Feed.AssertValid(resource);
                AssertNothingEmpty(resource.Content, $"{file}: {resource.Reference}");
                Feed.AssertKeepsR4(resource, file);
            }

            Assert.Equal(result.Resources.Length, result.Resources.Select(r => r.Reference).Distinct().Count());
            Assert.Equal(message.Get("MSH-9.1").Text != "ACK", result.Resources.Any(r => r.Type == "Provenance"));
            Assert.Single(result.Resources, r => r.Type == "MessageHeader");
            var made = result.Resources.Select(r => r.Reference).Concat(result.Moves.Select(m => $"{m.Type}/{m.From}")).ToHashSet();
            Assert.All(result.Resources.SelectMany(r => Feed.References(r.Content)), reference => Assert.True(made.Contains(reference), $"{file}: {reference}"));

            var traced = result.Lineage.Select(l => Coordinate.Parse(l.Field)).Select(c => (c.Segment, c.Ordinal, c.Field)).ToHashSet();
            Assert.All(result.Unmapped.Select(u => Coordinate.Parse(u)).Where(c => c.Repetition == 0), c => Assert.False(traced.Contains((c.Segment, c.Ordinal, c.Field)), $"{file}: {c}"));
        });

        Assert.True(translated > 650, $"{translated}");
    }

    [Fact]
    public void Translating_a_message_twice_gives_the_same_bytes()
    {
        Parallel.ForEach(Messages().ToList(), sample =>
        {
            var (file, message) = sample;
            var first = Translator.Default.Translate(message, FeedProfile.Default);
            var second = Translator.Default.Translate(Hl7Message.Parse(message.Bytes).Message!, FeedProfile.Default);
            Assert.Equal(first.Resources.Select(r => r.Content.ToJsonString()), second.Resources.Select(r => r.Content.ToJsonString()));
            Assert.Equal(first.Unmapped, second.Unmapped);
            Assert.True(first.Issues.SequenceEqual(second.Issues), file);
        });
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
