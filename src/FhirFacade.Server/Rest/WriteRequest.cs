using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>A write as a request or an entry of a Bundle asks for it: of a resource by id, or by a condition.</summary>
/// <param name="Method">POST, PUT, PATCH or DELETE.</param>
/// <param name="Type">Resource type.</param>
/// <param name="Id">Logical id; null with a condition, and for a create.</param>
/// <param name="IfMatch">The version that has to be current; 0: there must be none; null: any.</param>
internal sealed record WriteRequest(string Method, string Type, string? Id, int? IfMatch = null)
{
    /// <summary>Names the resource in place of an id.</summary>
    public Condition? Condition { get; init; }

    /// <summary>The id in the resource that a conditional PUT brings; null if there is none.</summary>
    public string? OwnId { get; init; }

    /// <summary>The change of a PATCH.</summary>
    public Func<JsonElement, ChangedContent>? Patch { get; init; }

    /// <summary>Whether a PUT of what is not there creates it.</summary>
    public bool MayCreate { get; init; } = true;

    /// <summary>What the grant has to open of the type.</summary>
    public Interactions Needed => Method switch
    {
        "POST" => Interactions.Create,
        "DELETE" => Interactions.Delete,
        _ => Interactions.Update,
    };

    /// <summary>Whether it brings a resource that is to be the content.</summary>
    public bool HasContent => Method is "POST" or "PUT";

    /// <summary>
    /// What is to be written now that it is known what the condition names (R4 http.html): or the resource that a conditional create
    /// leaves as it is, or why nothing is written. Nothing of all three: there is nothing to delete.
    /// </summary>
    /// <param name="match">The resource that the condition names, or null.</param>
    public (WriteTarget? Target, StoredResource? Existing, Refusal? Refusal) Resolve(StoredResource? match) => (Method, Condition) switch
    {
        ("POST", _) => match is null ? (New(), null, null) : (null, match, null),
        ("PUT" or "PATCH", null) => (new WriteTarget(this, Id!, IfMatch), null, null),
        ("PUT", _) => ResolvePut(match),
        ("PATCH", _) => match is null ? (null, null, Refusal.NotFound()) : (new WriteTarget(this, match.Id, IfMatch), null, null),
        (_, null) => (new WriteTarget(this, Id!, IfMatch), null, null),
        _ => (match is null ? null : new WriteTarget(this, match.Id, IfMatch), null, null),
    };

    private WriteTarget New() => new(this, ResourceWrite.Create.NewId(), 0) { IsNew = true };

    private (WriteTarget? Target, StoredResource? Existing, Refusal? Refusal) ResolvePut(StoredResource? match)
    {
        if (match is not null)
        {
            return OwnId is not null && OwnId != match.Id
                ? (null, null, Refusal.BadRequest("the body has another id than the resource that the condition matches", IssueType.Value))
                : (new WriteTarget(this, match.Id, IfMatch), null, null);
        }
        if (IfMatch > 0)
        {
            return (null, null, Refusal.PreconditionFailed());
        }
        return OwnId is null ? (New(), null, null) : (new WriteTarget(this, OwnId, 0), null, null);
    }

    /// <summary>What an outcome that wrote nothing says to the client; null if it wrote, or had nothing to do.</summary>
    public Refusal? Explain(WriteOutcome outcome) => outcome switch
    {
        WriteOutcome.Conflict => IfMatch is null ? Refusal.Conflict() : Refusal.PreconditionFailed(),
        WriteOutcome.Forbidden => Refusal.ForbiddenContent(),
        WriteOutcome.Invalid(var issues) => new Refusal(StatusCodes.Status422UnprocessableEntity, issues),
        WriteOutcome.NotFound { IsFailed: true } => Method == "PUT" && !MayCreate
            ? Refusal.One(StatusCodes.Status405MethodNotAllowed, IssueType.NotSupported, "there is no such resource, and none is created under an id of the client's choice")
            : Refusal.NotFound(),
        _ => null,
    };
}
