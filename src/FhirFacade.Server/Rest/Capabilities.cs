using System.Reflection;
using FhirFacade.Fhir.Json;
using FhirFacade.Server.Render;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>GET [base]/metadata</c> (R4 http.html, capabilities): open to everybody, the same for everybody.</summary>
internal sealed class Capabilities(SmartSettings settings, TimeProvider clock)
{
    private readonly DateTimeOffset started = clock.GetUtcNow();
    private byte[]? bytes;

    /// <summary>200, or 304 for who has it already.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var (rendering, refusal) = Format.Negotiate(http.Request);
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        bytes ??= Build();
        await ResourceResponse.WriteAsync(http, new StoredResource("CapabilityStatement", "fhirfacade", 1, started, bytes), rendering!);
    }

    private byte[] Build()
    {
        var version = typeof(Capabilities).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
        return ResourceContent.ToBytes(CapabilityStatement.Build(settings, started, version));
    }
}
