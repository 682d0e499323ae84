using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>Why a request is not carried out. A value, not an exception: it becomes an OperationOutcome.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Issues">At least one.</param>
public sealed record Refusal(int Status, ImmutableArray<Issue> Issues)
{
    /// <summary>400: what was sent cannot be understood.</summary>
    public static Refusal BadRequest(string diagnostics, string code = IssueType.Invalid) => One(StatusCodes.Status400BadRequest, code, diagnostics);

    /// <summary>403: the grant opens nothing of this type for this interaction.</summary>
    public static Refusal Forbidden(string type, string interaction) =>
        One(StatusCodes.Status403Forbidden, IssueType.Forbidden, $"the access token does not open {interaction} of {type}");

    /// <summary>403: what is written lies outside of what the grant opens.</summary>
    public static Refusal ForbiddenContent() => One(StatusCodes.Status403Forbidden, IssueType.Forbidden, "the access token does not open what the resource says");

    /// <summary>404: there is none, or none that the caller may know of.</summary>
    public static Refusal NotFound() => One(StatusCodes.Status404NotFound, IssueType.NotFound, "there is no such resource");

    /// <summary>404: no such route.</summary>
    public static Refusal NoRoute() => One(StatusCodes.Status404NotFound, IssueType.NotFound, "there is nothing at this address");

    /// <summary>404: a type that R4 does not have (R4 http.html, read: 404 where the type is not supported).</summary>
    public static Refusal UnknownType() => One(StatusCodes.Status404NotFound, IssueType.NotSupported, "the address names no R4 resource type");

    /// <summary>404: an operation that is not offered at this level.</summary>
    public static Refusal NoOperation() => One(StatusCodes.Status404NotFound, IssueType.NotSupported, "there is no such operation");

    /// <summary>410: it has been deleted.</summary>
    public static Refusal Gone() => One(StatusCodes.Status410Gone, IssueType.Deleted, "the resource has been deleted");

    /// <summary>406: no format that the caller takes is offered.</summary>
    public static Refusal NotAcceptable() => One(StatusCodes.Status406NotAcceptable, IssueType.NotSupported, "what is offered is application/fhir+json and application/fhir+xml");

    /// <summary>412: the version is not the one that If-Match names, or there is one and If-None-Match wants none.</summary>
    public static Refusal PreconditionFailed() => One(StatusCodes.Status412PreconditionFailed, IssueType.Conflict, "the resource is not at the version that If-Match or If-None-Match asks for");

    /// <summary>412: a condition that has to name one resource at most names more.</summary>
    public static Refusal SeveralMatches() =>
        One(StatusCodes.Status412PreconditionFailed, IssueType.MultipleMatches, "the condition matches more than one resource that the access token opens");

    /// <summary>409: somebody else changed the resource meanwhile.</summary>
    public static Refusal Conflict() => One(StatusCodes.Status409Conflict, IssueType.Conflict, "the resource was changed by somebody else meanwhile");

    /// <summary>A refusal with one issue.</summary>
    public static Refusal One(int status, string code, string diagnostics) => new(status, [Issue.Error(code, diagnostics)]);
}
