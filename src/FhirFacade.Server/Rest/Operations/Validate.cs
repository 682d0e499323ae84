using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Validation;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Operations;

/// <summary><c>$validate</c> of a type and of an instance (R4 resource-operation-validate.html).</summary>
internal sealed class Validate(ResourceReader resources, ContentCheck check, SiteDefinitions definitions)
{
    /// <summary>200 with what was found, however bad it is; 400 for a question that cannot be answered; 404 for an instance that is not open.</summary>
    public Task HandleAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        var type = Address.Type(http);
        var id = http.Request.RouteValues["id"] as string;
        if (Address.RefuseType(type) is { } unknown)
        {
            return unknown;
        }
        var (resource, refusal) = await ResourceAsync(operation, type, id);
        if (refusal is not null)
        {
            return refusal;
        }
        var profiles = operation.Input.Texts("profile").ToImmutableArray();
        var validator = definitions.Validator;       // made when somebody first asks
        if (profiles.Any(profile => validator.Profiles.Find(profile) is null))
        {
            return Refusal.One(StatusCodes.Status400BadRequest, IssueType.NotSupported, "the profile is not known here");
        }
        var issues = operation.Input.Text("mode") == "delete" ? [] : validator.Validate(resource, new ValidationRequest(profiles)).AddRange(Identity(resource, type, id, operation.Input.Text("mode")));
        await OutcomeResponse.WriteAsync(http, StatusCodes.Status200OK, issues);
        return null;
    });

    private async Task<(JsonElement Resource, Refusal? Refusal)> ResourceAsync(Operation operation, string type, string? id)
    {
        var sent = operation.Input.Resource("resource");
        sent = sent.ValueKind == JsonValueKind.Undefined ? operation.Input.Body : sent;
        if (id is not null && Address.Refuse(type, operation.Grant, Interactions.Read) is { } closed)
        {
            return (default, closed);
        }
        if (id is not null && await resources.ReadAsync(type, id, operation.Grant, operation.Http.RequestAborted) is var stored and not ReadOutcome.Found)
        {
            return (default, stored is ReadOutcome.Gone ? Refusal.Gone() : Refusal.NotFound());
        }
        return sent.ValueKind != JsonValueKind.Undefined ? (sent, null)
            : id is null ? (default, Refusal.BadRequest("there is no resource to be validated", IssueType.Required))
            : (JsonElement.Parse(((ReadOutcome.Found)await resources.ReadAsync(type, id, operation.Grant, operation.Http.RequestAborted)).Resource.Doc.Span), null);
    }

    private static IEnumerable<Issue> Identity(JsonElement resource, string type, string? id, string? mode)
    {
        if (!resource.TryGetProperty("resourceType", out var named) || !named.ValueEquals(type))
        {
            yield return Issue.Error(IssueType.Invalid, "the resourceType is not the type in the address");
        }
        if (mode == "update" && id is not null && RequestBody.IdOf(resource) != id)
        {
            yield return Issue.Error(IssueType.Value, "an update needs the id that is in the address", $"{type}.id");
        }
    }
}
