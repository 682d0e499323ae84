using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Consents;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FhirFacade.Server.Rest;

/// <summary>Tells who writes a Consent what of it is not understood, and so closes more than may be meant.</summary>
internal static partial class ConsentWarnings
{
    /// <summary>The type of which there are warnings.</summary>
    public const string Type = "Consent";

    /// <summary>The warnings; none for other types. They go to the log, too, and a batch tells them of the entry: places and rules, nothing of what the consent says.</summary>
    public static ImmutableArray<Issue> Of(HttpContext http, StoredResource written)
    {
        var issues = In(written);
        Log(http, issues);
        if (!issues.IsEmpty)
        {
            http.Items[typeof(ConsentWarnings)] = issues;
        }
        return issues;
    }

    /// <summary>The warnings; none for other types.</summary>
    public static ImmutableArray<Issue> In(StoredResource written)
    {
        if (written.Type != Type)
        {
            return [];
        }
        using var json = JsonDocument.Parse(written.Doc);
        return ConsentCompiler.Compile(json.RootElement).Issues;
    }

    /// <summary>Those that a request was told, or would have been had it asked for them.</summary>
    public static ImmutableArray<Issue> Told(HttpContext http) => http.Items[typeof(ConsentWarnings)] is ImmutableArray<Issue> issues ? issues : [];

    /// <summary>Writes warnings to the log.</summary>
    public static void Log(HttpContext http, IReadOnlyCollection<Issue> issues)
    {
        if (issues.Count > 0)
        {
            var log = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ConsentWarnings).FullName!);
            foreach (var issue in issues)
            {
                NotUnderstood(log, http.TraceIdentifier, issue.Expression, issue.Diagnostics);
            }
        }
    }

    [LoggerMessage(EventId = 3020, Level = LogLevel.Warning, Message = "Request {CorrelationId} wrote a consent that is not understood in whole. {Place}: {Rule}")]
    private static partial void NotUnderstood(ILogger log, string correlationId, string? place, string rule);
}
