using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>GET [base]/metadata</c> (R4 http.html, capabilities): open to everybody, the same for everybody.</summary>
internal sealed class Capabilities(CapabilityStatement statement, TimeProvider clock)
{
    private readonly DateTimeOffset started = clock.GetUtcNow();
    private readonly ConcurrentDictionary<string, byte[]> made = new(StringComparer.Ordinal);

    /// <summary>200, or 304 for who has it already; <c>mode</c> is full, normative (the same: all of it is R4's) or terminology.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var (rendering, refusal) = Format.Negotiate(http.Request);
        var mode = Parameters.Of(http.Request).LastOrDefault(p => p.Key == "mode").Value ?? "full";
        refusal ??= mode is "full" or "normative" or "terminology" ? null : Refusal.BadRequest("mode is one of full, normative and terminology", IssueType.Value);
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        var type = mode == "terminology" ? "TerminologyCapabilities" : "CapabilityStatement";
        var bytes = made.GetOrAdd(type, _ => ResourceContent.ToBytes(Build(type)));
        await ResourceResponse.WriteAsync(http, new StoredResource(type, "fhirfacade", 1, started, bytes), rendering!);
    }

    private JsonObject Build(string type)
    {
        var version = typeof(Capabilities).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
        return type == "CapabilityStatement" ? statement.Build(started, version) : statement.BuildTerminology(started, version);
    }
}
