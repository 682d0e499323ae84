using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;
using FhirFacade.GuideCheck;
using FhirFacade.GuideCheck.Probes;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Tests;

/// <summary>
/// What R4 requires of a resource is there, or says why it is not (data-absent-reason), however little a message says: over messages in which each field stands
/// alone, and over messages of real senders.
/// </summary>
public class RequiredElementsTests
{
    [Fact]
    public void A_message_with_one_field_filled_makes_resources_with_all_that_R4_requires()
    {
        var data = new ProbeData();
        var missing = new List<string>();
        foreach (var map in GuideReader.Read(TestData.Guide()).Where(r => r.Kind == "segments").GroupBy(r => r.File))
        {
            foreach (var field in map.Where(r => r.Source.Contains('-', StringComparison.Ordinal)).Select(r => (r.Source, r.Type)).Distinct())
            {
                if (data.Message(map.Key) is { } message && message.Set(field.Source, data.Sample(field.Source, field.Type) ?? "Sample"))
                {
                    Check(message.ToString().Replace('\n', '\r'), $"{map.Key} {field.Source}", missing);
                }
            }
        }

        Assert.Empty(missing.Distinct());
    }

    [Fact]
    public void Segments_that_say_nothing_make_no_resource_that_lacks_what_R4_requires()
    {
        var missing = new List<string>();
        foreach (var (map, message) in new ProbeData().Messages)
        {
            var lines = message.ToString().Split('\n');
            for (var i = 1; i < lines.Length; i++)
            {
                Check(string.Join('\r', lines.Select((line, n) => n == i ? $"{line[..3]}|1" : line)), $"{map} without {lines[i][..3]}", missing);
            }
        }

        Assert.Empty(missing.Distinct());
    }

    [Fact]
    public void Messages_of_real_senders_make_resources_with_all_that_R4_requires()
    {
        var missing = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.ForEach(TestData.MessageFiles(), file =>
        {
            if (Hl7Message.Parse(File.ReadAllBytes(file)).Message is { } message)
            {
                var found = new List<string>();
                Check(message, Path.GetFileName(file), found);
                found.ForEach(missing.Add);
            }
        });
        Assert.Empty(missing.Distinct());
    }

    private static void Check(string text, string where, List<string> missing)
    {
        var message = Hl7Message.Parse(System.Text.Encoding.UTF8.GetBytes(text + "\r")).Message;
        Assert.NotNull(message);
        Check(message, where, missing);
    }

    private static void Check(Hl7Message message, string where, List<string> missing)
    {
        var result = Translator.Default.Translate(message, FeedProfile.Default with { TasksOfOrders = true });
        foreach (var resource in result.IsFailure ? [] : result.Resources)
        {
            // What only changes a stored result (OBX-11 U) leaves out what is stored.
            var content = Feed.Stored(resource);
            Required(content, R4.Definitions.Type(resource.Type)!, resource.Type, where, missing);
        }
    }

    private static void Required(JsonObject json, TypeDefinition type, string path, string where, List<string> missing)
    {
        foreach (var element in type.Elements.Where(e => e.Min > 0 && !e.Path[(e.Path.IndexOf('.', StringComparison.Ordinal) + 1)..].Contains('.', StringComparison.Ordinal)))
        {
            var name = element.Name.Replace("[x]", "", StringComparison.Ordinal);
            if (!json.Any(p => p.Value is not null && (element.IsChoice ? p.Key.TrimStart('_').StartsWith(name, StringComparison.Ordinal) : p.Key.TrimStart('_') == name)))
            {
                missing.Add($"{where}: {path}.{name}");
            }
        }
    }
}
