using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Ingest;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Reindex;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FhirFacade.Server.Rest.Operations;

/// <summary>
/// <c>$reindex</c>: has stored resources indexed by the search parameters that were added since. Answered at once; the address of the job tells how
/// far it is (R4 async.html). For those who may change every SearchParameter.
/// </summary>
internal sealed class Reindex(ReindexJobs jobs, Reindexing worker, SmartSettings settings, ContentCheck check)
{
    private const string Reason = "$reindex";

    /// <summary>Maps it under the FHIR API, whose group asks for a token.</summary>
    public void Map(IEndpointRouteBuilder fhir)
    {
        fhir.MapPost("/SearchParameter/$reindex", StartWaitingAsync);
        fhir.MapPost("/SearchParameter/{id}/$reindex", StartOneAsync);
        fhir.MapPost("/$reindex", StartAsync);
        fhir.MapGet("/$reindex", ListAsync);
        fhir.MapGet("/$reindex/{job}", StatusAsync);
        fhir.MapDelete("/$reindex/{job}", CancelAsync);
    }

    /// <summary>
    /// <c>POST [base]/$reindex</c>, for the types that the parameter <c>type</c> names, else for all; 202 with the address of the job, 400, 403.
    /// </summary>
    public Task StartAsync(HttpContext http) => GuardedAsync(http, async operation =>
    {
        ImmutableArray<string> types = [.. operation.Input.Texts("type").SelectMany(types => types.Split(','))];
        return types.All(ResourceTables.Has)
            ? await StartedAsync(operation, types.IsEmpty ? [.. ResourceTables.Types] : types)
            : Refusal.BadRequest("type: names something that is no type of resource", IssueType.Value);
    });

    /// <summary><c>POST [base]/SearchParameter/$reindex</c>, for the types of all search parameters that cannot be searched by yet; 200 where there is none.</summary>
    public Task StartWaitingAsync(HttpContext http) => GuardedAsync(http, async operation =>
        await StartedAsync(operation, await jobs.WaitingTypesAsync(null, http.RequestAborted)));

    /// <summary><c>POST [base]/SearchParameter/[id]/$reindex</c>, for the types of that one.</summary>
    public Task StartOneAsync(HttpContext http) => GuardedAsync(http, async operation =>
        await StartedAsync(operation, await jobs.WaitingTypesAsync(Address.Id(http), http.RequestAborted)));

    /// <summary><c>GET [base]/$reindex</c>: the jobs that have not ended.</summary>
    public Task ListAsync(HttpContext http) => GuardedAsync(http, async operation =>
    {
        var unfinished = await jobs.UnfinishedAsync(http.RequestAborted);
        await OperationResponse.WriteAsync(http, OperationResponse.Parameters(unfinished.Select(job => OperationResponse.Part("job", "valueUrl", AddressOf(job.Id)))), operation.Rendering);
        return null;
    });

    /// <summary><c>GET [base]/$reindex/[job]</c>: 202 with X-Progress while it is under way, then 200; 404 for a job that never was.</summary>
    public Task StatusAsync(HttpContext http) => GuardedAsync(http, async operation =>
    {
        if (await FindAsync(http) is not { } job)
        {
            return Refusal.NoRoute();
        }
        if (!job.HasEnded)
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            http.Response.Headers["X-Progress"] = string.Create(CultureInfo.InvariantCulture, $"{job.State}, {job.Percent} %");
            http.Response.Headers.RetryAfter = "2";
        }
        await OperationResponse.WriteAsync(http, Describe(job), operation.Rendering);
        return null;
    });

    /// <summary><c>DELETE [base]/$reindex/[job]</c>: 202, the job ends where it stands; 404 for one that has ended.</summary>
    public Task CancelAsync(HttpContext http) => GuardedAsync(http, async _ =>
    {
        if (await FindAsync(http) is not { } job || !await jobs.CancelAsync(job.Id, http.RequestAborted))
        {
            return Refusal.NoRoute();
        }
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        return null;
    });

    private Task GuardedAsync(HttpContext http, Func<Operation, Task<Refusal?>> run) => Operation.RunAsync(http, check, async operation =>
        operation.Grant.For("SearchParameter", Interactions.Update) is TypeAccess.Everything ? await run(operation) : Refusal.Forbidden("SearchParameter", "reindexing"));

    private async Task<Refusal?> StartedAsync(Operation operation, ImmutableArray<string> types)
    {
        if (types.IsEmpty)
        {
            await OperationResponse.WriteAsync(operation.Http, OperationResponse.Parameters(OperationResponse.Part("outcome", "valueString", "every resource is indexed by every search parameter")), operation.Rendering);
            return null;
        }
        var id = await jobs.StartAsync(types, Reason, operation.Http.RequestAborted);
        worker.Wake();
        operation.Http.Response.StatusCode = StatusCodes.Status202Accepted;
        operation.Http.Response.Headers.ContentLocation = AddressOf(id);
        await OperationResponse.WriteAsync(operation.Http, Describe((await jobs.FindAsync(id, operation.Http.RequestAborted))!), operation.Rendering);
        return null;
    }

    private async Task<ReindexJob?> FindAsync(HttpContext http) =>
        long.TryParse((string?)http.Request.RouteValues["job"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? await jobs.FindAsync(id, http.RequestAborted) : null;

    private string AddressOf(long job) => string.Create(CultureInfo.InvariantCulture, $"{settings.FhirBase}/$reindex/{job}");

    private static JsonObject Describe(ReindexJob job) => OperationResponse.Parameters(
    [
        OperationResponse.Part("job", "valueInteger", job.Id),
        OperationResponse.Part("status", "valueCode", job.State),
        OperationResponse.Part("percent", "valueInteger", job.Percent),
        OperationResponse.Part("created", "valueInstant", Time(job.CreatedAt)),
        OperationResponse.Part("started", "valueInstant", Time(job.StartedAt)),
        OperationResponse.Part("finished", "valueInstant", Time(job.FinishedAt)),
        .. job.Parameters.Select(id => OperationResponse.Part("searchParameter", "valueReference", new JsonObject { ["reference"] = $"SearchParameter/{id}" })),
        .. job.Types.Select(Describe),
    ]);

    private static JsonObject Describe(ReindexedType type) => new()
    {
        ["name"] = "type",
        ["part"] = new JsonArray(
            OperationResponse.Part("type", "valueCode", type.Type),
            OperationResponse.Part("done", "valueInteger", type.Done),
            OperationResponse.Part("changed", "valueInteger", type.Changed),
            OperationResponse.Part("about", "valueInteger", Math.Max(type.About, type.Done)),
            OperationResponse.Part("finished", "valueBoolean", type.IsFinished)),
    };

    private static JsonValue? Time(DateTimeOffset? time) => time is { } known ? JsonValue.Create(known.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)) : null;
}
