using System.Collections.Immutable;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation;
using FhirFacade.Translation.Profiles;

namespace FhirFacade.Server.CommandLine;

/// <summary>A field, and an element that it became.</summary>
/// <param name="Field">Its coordinate.</param>
/// <param name="Resource">Type of the resource; null where no row of a table read it, but the code that assembles the message.</param>
/// <param name="Id">Id of the resource.</param>
/// <param name="Element">Path in the resource, as the tables write it.</param>
/// <param name="From">The HL7 data type, as far as the map names it.</param>
/// <param name="To">The FHIR type.</param>
/// <param name="Value">The field's text: a patient's data.</param>
internal sealed record ExplainedField(string Field, string? Resource, string? Id, string? Element, string? From, string? To, string Value);

/// <summary>What became of one segment.</summary>
internal sealed record ExplainedSegment(
    string Segment, ImmutableArray<ExplainedField> Fields, ImmutableArray<(string Field, string Value)> Unmapped, ImmutableArray<TranslationIssue> Issues);

/// <summary>What became of one message, segment by segment.</summary>
internal sealed record MessageExplanation(
    string Place, string MessageType, string Feed, string Match, ImmutableArray<ExplainedSegment> Segments, ImmutableArray<string> Problems, ImmutableArray<(string Type, int Count)> Resources, bool IsFailure)
{
    public static MessageExplanation Of(FeedMessage file, FeedChoice choice)
    {
        var read = Hl7Message.Parse(file.Bytes);
        ImmutableArray<string> problems = [.. read.Errors.Select(static e => $"{e.Severity.ToString().ToLowerInvariant()} {e.Code} at {e.Location}: {e.Rule}")];
        if (read.Message is not { } received)
        {
            return new(file.Place, "", "", "", [], problems, [], true);
        }

        var feed = choice.Profile is null ? choice.Feeds.Choose(choice.Listener, received) : choice.Feeds.Find(choice.Profile)!;
        var match = choice.Profile is null ? choice.Feeds.Reason(choice.Listener, received) ?? "no profile matches" : "asked for";
        var message = feed.Read(received);
        var result = feed.Translator.Translate(message, feed.Profile with { Lineage = true });

        var lineage = result.Lineage.ToLookup(static entry => FieldOf(Coordinate.Parse(entry.Field)));
        var unmapped = result.Unmapped.Select(static place => Coordinate.Parse(place)).ToLookup(FieldOf);
        var issues = result.Issues.ToLookup(static issue => Coordinate.TryParse(issue.Location, out var at) ? (at.Segment, Math.Max(1, at.Ordinal)) : ("", 0));
        var segments = ImmutableArray.CreateBuilder<ExplainedSegment>();
        foreach (var segment in message.Segments)
        {
            var fields = ImmutableArray.CreateBuilder<ExplainedField>();
            var missed = ImmutableArray.CreateBuilder<(string, string)>();
            for (var number = segment.Is("MSH") ? 3 : 1; number <= segment.FieldCount; number++)
            {
                var field = segment[number];
                var key = (segment.Name, segment.Ordinal, number);
                if (field.IsEmpty)
                {
                    continue;
                }

                fields.AddRange(lineage[key].Select(entry => Explain(entry, message)));
                missed.AddRange(unmapped[key].Select(at => (at.ToString(), message.Get(at).Text)));
                if (!lineage.Contains(key) && !unmapped.Contains(key))
                {
                    fields.Add(new(field.Location, null, null, null, null, null, field.Text));
                }
            }

            segments.Add(new(segment.Ordinal == 1 ? segment.Name : $"{segment.Name}({segment.Ordinal})", fields.ToImmutable(), missed.ToImmutable(), [.. issues[(segment.Name, segment.Ordinal)]]));
        }

        ImmutableArray<(string, int)> resources = [.. result.Resources.GroupBy(static r => r.Type, StringComparer.Ordinal).Select(static g => (g.Key, g.Count())).OrderBy(static g => g.Key, StringComparer.Ordinal)];
        return new(file.Place, $"{message.MessageCode}^{message.TriggerEvent}".TrimEnd('^'), feed.Label, match, segments.ToImmutable(), problems, resources, result.IsFailure);
    }

    private static (string, int, int) FieldOf(Coordinate at) => (at.Segment, Math.Max(1, at.Ordinal), at.Field);

    private static ExplainedField Explain(Translation.Lineage.LineageEntry entry, Hl7Message message)
    {
        var slash = entry.Resource.IndexOf('/', StringComparison.Ordinal);
        var resource = entry.Resource[..slash];
        var to = entry.Map.IndexOf("To", StringComparison.Ordinal);
        return new(
            entry.Field,
            resource,
            entry.Resource[(slash + 1)..],
            entry.Element,
            to > 0 ? entry.Map[..to].ToUpperInvariant() : null,
            entry.Element == "$this" ? to > 0 ? entry.Map[(to + 2)..] : null : TargetPath.TypeOf(resource, entry.Element),
            message.Get(entry.Field).Text);
    }
}
