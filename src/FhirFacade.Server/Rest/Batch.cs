using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Render;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace FhirFacade.Server.Rest;

/// <summary>A batch (R4 http.html): every entry is a request of its own, and fails by itself.</summary>
internal sealed class Batch(SingleRequests single, ContentCheck check, SmartSettings settings, TimeProvider clock)
{
    /// <summary>200 with an answer for each entry, each sent as soon as it is there: a batch of any length takes the memory of one.</summary>
    public Task AnswerAsync(HttpContext http, ImmutableArray<BundleRequest> entries, Rendering rendering)
    {
        Prefer.Applied(http, "return");
        Prefer.Applied(http, "handling");
        return BundleAnswer.WriteAsync(http, new Bundle("batch-response", null, [], []) { Later = AnswersAsync(http, entries) }, rendering, clock.GetUtcNow());
    }

    private async IAsyncEnumerable<BundleEntry> AnswersAsync(HttpContext http, ImmutableArray<BundleRequest> entries)
    {
        foreach (var entry in entries)
        {
            yield return Entry(await SendAsync(http, entry));
        }
    }

    private Task<SingleAnswer> SendAsync(HttpContext http, BundleRequest entry)
    {
        var headers = new List<KeyValuePair<string, string>> { new("Accept", "application/fhir+json") };
        var wanted = Prefer.Of(http.Request);
        headers.Add(new("Prefer", $"return={(http.Request.Headers.ContainsKey("Prefer") ? Text(wanted.Return) : "minimal")}; handling={(wanted.Strict ? "strict" : "lenient")}"));
        var conditions = entry.Conditions;
        foreach (var (header, value) in new[] { ("If-Match", conditions.IfMatch), ("If-None-Match", conditions.IfNoneMatch), ("If-None-Exist", conditions.IfNoneExist), ("If-Modified-Since", Time(conditions.IfModifiedSince)) })
        {
            if (value is not null)
            {
                headers.Add(new(header, value));
            }
        }
        ReadOnlyMemory<byte> body = default;
        if (entry.HasResource)
        {
            (body, var type) = (entry.Method == "PATCH" ? BinaryPatch.In(entry.Read(check.Limits).Resource) : null) ?? (entry.Resource, "application/fhir+json");
            headers.Add(new("Content-Type", type));
        }
        return single.SendAsync(http, entry.Method, "/fhir/" + entry.Url, headers, body);
    }

    // An instant of FHIR as a header has it.
    private static string? Time(string? instant) =>
        DateTimeOffset.TryParse(instant, CultureInfo.InvariantCulture, out var time) ? time.ToString("R", CultureInfo.InvariantCulture) : instant;

    private BundleEntry.Answer Entry(SingleAnswer answer)
    {
        var isOutcome = answer.Body.Length > 0 && ResourceTypeOf(answer.Body) == "OperationOutcome";
        var location = answer.Headers.Location.ToString();
        return new BundleEntry.Answer(
            null,
            answer.Body.Length == 0 || isOutcome ? "" : ResourceTypeOf(answer.Body),
            isOutcome ? default : answer.Body,
            Status(answer.Status),
            location.Length == 0 ? null : location.StartsWith(settings.FhirBase, StringComparison.Ordinal) ? location[(settings.FhirBase.Length + 1)..] : location,
            answer.Headers.ETag.ToString() is { Length: > 0 } tag ? tag : null,
            DateTimeOffset.TryParse(answer.Headers.LastModified.ToString(), CultureInfo.InvariantCulture, out var time) ? time : null,
            isOutcome ? answer.Body : answer.Warnings.IsEmpty ? default : OperationOutcome.ToJson(answer.Warnings));
    }

    /// <summary>A status as <c>Bundle.entry.response.status</c> has it: the number and what it means.</summary>
    public static string Status(int status) => $"{status.ToString(CultureInfo.InvariantCulture)} {ReasonPhrases.GetReasonPhrase(status)}".TrimEnd();

    private static string Text(PreferReturn wanted) => wanted switch
    {
        PreferReturn.Minimal => "minimal",
        PreferReturn.OperationOutcome => "OperationOutcome",
        _ => "representation",
    };

    private static string ResourceTypeOf(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        return reader.Read() && reader.Read() && reader.ValueTextEquals("resourceType") && reader.Read() ? reader.GetString()! : "";
    }
}
