using System.Text.Json;
using FhirFacade.Server.Pages;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.OpenApi;

/// <summary><c>GET /openapi.json</c>: open to everybody, the same for everybody.</summary>
internal sealed class OpenApiEndpoint(ServedApi api, SmartSettings settings)
{
    private readonly Func<FixedDocument> document = ServedApi.Kept(() =>
        new FixedDocument("application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(OpenApiDocument.Of(api.Statement(), settings))));

    /// <summary>200, or 304 for who has it already.</summary>
    public Task HandleAsync(HttpContext http) => document().WriteAsync(http, "no-cache");
}
