using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Operations;

/// <summary><c>$meta</c>, <c>$meta-add</c> and <c>$meta-delete</c> of an instance (R4 resource-operation-meta.html). Security labels decide who sees a resource: changing them needs update.</summary>
internal sealed class Meta(ResourceReader resources, ResourceWriter writer, ContentCheck check)
{
    private static readonly string[] Lists = ["profile", "security", "tag"];

    /// <summary>200 with the profiles, labels and tags; 404 for what is not there or not open.</summary>
    public Task GetAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        var (type, id) = (Address.Type(http), Address.Id(http));
        if (Address.Refuse(type, operation.Grant, Interactions.Read) is { } closed)
        {
            return closed;
        }
        return await resources.ReadAsync(type, id, operation.Grant, http.RequestAborted) switch
        {
            ReadOutcome.Found(var found) => await AnswerAsync(operation, found),
            ReadOutcome.Gone => Refusal.Gone(),
            _ => Refusal.NotFound(),
        };
    });

    /// <summary>200 with what they are now.</summary>
    public Task AddAsync(HttpContext http) => ChangeAsync(http, (stored, given) =>
    {
        foreach (var item in given.Where(item => !stored.Any(other => Same(other, item))))
        {
            stored.Add(item!.DeepClone());
        }
    });

    /// <summary>200 with what is left.</summary>
    public Task DeleteAsync(HttpContext http) => ChangeAsync(http, (stored, given) =>
    {
        foreach (var item in stored.Where(item => given.Any(other => Same(other, item))).ToList())
        {
            stored.Remove(item);
        }
    });

    private Task ChangeAsync(HttpContext http, Action<JsonArray, JsonArray> change) => Operation.RunAsync(http, check, async operation =>
    {
        var (type, id) = (Address.Type(http), Address.Id(http));
        var given = operation.Input.Object("meta");
        if (Address.Refuse(type, operation.Grant, Interactions.Update) is { } closed)
        {
            return closed;
        }
        if (given.ValueKind != JsonValueKind.Object)
        {
            return Refusal.BadRequest("the parameter meta is missing", IssueType.Required);
        }
        var request = new WriteRequest("PATCH", type, id) { Patch = resource => Changed(resource, JsonObject.Create(given)!, change) };
        var outcome = await writer.WriteAsync(request.Resolve(null).Target!.With(null), operation.Grant, http.RequestAborted);
        return request.Explain(outcome) ?? outcome switch
        {
            WriteOutcome.Updated(var stored) => await AnswerAsync(operation, stored),
            WriteOutcome.Unchanged(var stored) => await AnswerAsync(operation, stored),
            _ => Refusal.NotFound(),
        };
    });

    private ChangedContent Changed(JsonElement resource, JsonObject given, Action<JsonArray, JsonArray> change)
    {
        var content = JsonObject.Create(resource.Clone())!;
        var meta = content["meta"] as JsonObject ?? [];
        content["meta"] = meta;
        foreach (var list in Lists)
        {
            var stored = meta[list] as JsonArray ?? [];
            change(stored, given[list] as JsonArray ?? []);
            meta.Remove(list);
            if (stored.Count > 0)
            {
                meta[list] = stored;
            }
        }
        var changed = JsonElement.Parse(ResourceContent.ToBytes(content));
        return check.Refuse(changed) is { IsEmpty: false } issues ? new ChangedContent(null, issues) : new ChangedContent(changed, []);
    }

    private static async Task<Refusal?> AnswerAsync(Operation operation, StoredResource resource)
    {
        var meta = (JsonNode.Parse(resource.Doc.Span) as JsonObject)?["meta"]?.DeepClone();
        await OperationResponse.WriteAsync(operation.Http, OperationResponse.Parameters(OperationResponse.Part("return", "valueMeta", meta)), operation.Rendering);
        return null;
    }

    // Codings are the same by system and code, profiles by their text.
    private static bool Same(JsonNode? one, JsonNode? other) => one is JsonObject a && other is JsonObject b
        ? JsonNode.DeepEquals(a["system"], b["system"]) && JsonNode.DeepEquals(a["code"], b["code"])
        : JsonNode.DeepEquals(one, other);
}
