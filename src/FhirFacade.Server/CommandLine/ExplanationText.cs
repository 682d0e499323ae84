using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FhirFacade.Server.CommandLine;

/// <summary>Writes explanations, for people and for programs. Values only where they are asked for.</summary>
internal static class ExplanationText
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Lines(MessageExplanation message, bool showPhi)
    {
        var text = new StringBuilder();
        text.AppendLine(FormattableString.Invariant($"{message.Place}: {message.MessageType}, feed {message.Feed} ({message.Match})"));
        foreach (var problem in message.Problems)
        {
            text.AppendLine("  ! " + problem);
        }

        foreach (var segment in message.Segments)
        {
            text.AppendLine(segment.Segment);
            foreach (var field in segment.Fields)
            {
                var target = field.Resource is null ? "(read while the message is put together)" : $"{field.Resource}.{field.Element}";
                var types = field.From is null && field.To is null ? "" : $"   {field.From ?? "?"} -> {field.To ?? "?"}";
                text.AppendLine(CultureInfo.InvariantCulture, $"  {field.Field,-14} -> {target}{types}{Value(field.Value, showPhi)}");
            }

            foreach (var (field, value) in segment.Unmapped)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {field,-14}    unmapped{Value(value, showPhi)}");
            }

            foreach (var issue in segment.Issues)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {issue.Location,-14}  ! {issue.Severity.ToString().ToLowerInvariant()} {issue.Code}: {issue.Rule}");
            }
        }

        text.AppendLine(message.IsFailure ? "nothing: the message fails" : "makes " + string.Join(", ", message.Resources.Select(static r => $"{r.Count} {r.Type}")));
        return text.ToString();
    }

    public static string Json(IEnumerable<MessageExplanation> messages, bool showPhi) => JsonSerializer.Serialize(
        messages.Select(message => new
        {
            message.Place,
            message.MessageType,
            message.Feed,
            message.Match,
            Problems = message.Problems.IsEmpty ? null : message.Problems.ToArray(),
            Segments = message.Segments.Select(segment => new
            {
                segment.Segment,
                Fields = segment.Fields.Select(f => new { f.Field, f.Resource, f.Id, f.Element, f.From, f.To, Value = showPhi ? f.Value : null }),
                Unmapped = segment.Unmapped.Select(u => new { u.Field, Value = showPhi ? u.Value : null }),
                Issues = segment.Issues.Select(static i => new { i.Location, Severity = i.Severity.ToString().ToLowerInvariant(), i.Code, i.Rule }),
            }),
            Resources = message.Resources.ToDictionary(static r => r.Type, static r => r.Count),
            message.IsFailure,
        }),
        Indented);

    private static string Value(string value, bool showPhi) => showPhi ? $"   \"{value.ReplaceLineEndings(" ")}\"" : "";
}
