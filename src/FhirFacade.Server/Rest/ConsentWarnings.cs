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
    /// <summary>The warnings; none for other types. They go to the log, too: places and rules, nothing of what the consent says.</summary>
    public static ImmutableArray<Issue> Of(HttpContext http, StoredResource written)
    {
        if (written.Type != "Consent")
        {
            return [];
        }
        using var json = JsonDocument.Parse(written.Doc);
        var issues = ConsentCompiler.Compile(json.RootElement).Issues;
        if (!issues.IsEmpty)
        {
            var log = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ConsentWarnings).FullName!);
            foreach (var issue in issues)
            {
                NotUnderstood(log, http.TraceIdentifier, issue.Expression, issue.Diagnostics);
            }
        }
        return issues;
    }

    [LoggerMessage(EventId = 3020, Level = LogLevel.Warning, Message = "Request {CorrelationId} wrote a consent that is not understood in whole. {Place}: {Rule}")]
    private static partial void NotUnderstood(ILogger log, string correlationId, string? place, string rule);
}
