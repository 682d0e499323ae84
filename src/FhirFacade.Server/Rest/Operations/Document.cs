using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Operations;

/// <summary><c>Composition/[id]/$document</c> (R4 composition-operation-document.html): the composition and all that it refers to, as a Bundle.</summary>
internal sealed class Document(ResourceReader resources, SmartSettings settings, ContentCheck check, TimeProvider clock)
{
    private const int Most = 2000;

    /// <summary>200 with a document; 400 (it is not kept here), 403, 404 or 410. What the grant does not open is left out.</summary>
    public Task HandleAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        if (Address.Refuse("Composition", operation.Grant, Interactions.Read) is { } closed)
        {
            return closed;
        }
        if (operation.Input.Text("persist") == "true")
        {
            return Refusal.BadRequest("documents are made, not kept", IssueType.NotSupported);
        }
        var read = await resources.ReadAsync("Composition", Address.Id(http), operation.Grant, http.RequestAborted);
        if (read is not ReadOutcome.Found(var composition))
        {
            return read is ReadOutcome.Gone ? Refusal.Gone() : Refusal.NotFound();
        }
        var entries = new JsonArray { Entry(composition) };
        foreach (var (type, id) in LocalReferences.In(JsonElement.Parse(composition.Doc.Span)).Distinct().Where(r => r != ("Composition", composition.Id)).Take(Most))
        {
            if (await resources.ReadAsync(type, id, operation.Grant, http.RequestAborted) is ReadOutcome.Found(var part))
            {
                entries.Add((JsonNode)Entry(part));
            }
        }
        await OperationResponse.WriteAsync(http, new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["identifier"] = new JsonObject { ["system"] = "urn:ietf:rfc:3986", ["value"] = $"urn:uuid:{Guid.NewGuid()}" },
            ["type"] = "document",
            ["timestamp"] = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            ["entry"] = entries,
        }, operation.Rendering);
        return null;
    });

    private JsonObject Entry(StoredResource resource) => new()
    {
        ["fullUrl"] = $"{settings.FhirBase}/{resource.Type}/{resource.Id}",
        ["resource"] = JsonNode.Parse(resource.Doc.Span),
    };
}
