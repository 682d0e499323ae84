using System.Globalization;
using FhirFacade.Server.Transport;
using FhirFacade.Storage.Search.Reindex;
using Npgsql;

namespace FhirFacade.Server.Ingest;

/// <summary>Open endpoints for whatever watches the process. They say nothing but up or down; why a feed profile is refused is said on the machine itself.</summary>
internal static class HealthEndpoints
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("live\n")).AllowAnonymous();
        app.MapGet("/health/ready", ReadyAsync).AllowAnonymous();
        app.MapGet("/health/feeds", Feeds).AllowAnonymous();
        app.MapGet("/health/index", IndexAsync).AllowAnonymous();
    }

    /// <summary>200 while every stored resource is indexed as this server would index it, else 503 with how far the job is that does it.</summary>
    private static async Task<IResult> IndexAsync(ReindexJobs jobs, CancellationToken cancellationToken)
    {
        var unfinished = await jobs.UnfinishedAsync(cancellationToken);
        return unfinished.FirstOrDefault() is { } first
            ? Results.Text(string.Create(CultureInfo.InvariantCulture, $"reindexing: job {first.Id}, {first.Percent} %\n"), statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("index complete\n");
    }

    /// <summary>200 while every feed profile of the folder is in force, else 503: a refused one leaves the one before it in force.</summary>
    private static IResult Feeds(HttpContext http, FeedCatalog catalog)
    {
        var problems = catalog.Problems;
        var isLocal = LocalCaller.Is(http);
        IEnumerable<string> lines = isLocal ? [.. catalog.Current.Feeds.Select(static feed => feed.Label), .. problems.Select(static problem => $"refused: {problem}")] : [];
        return Results.Text(
            (problems.IsEmpty ? "feeds in force\n" : "a feed profile is refused\n") + string.Concat(lines.Select(static line => line + "\n")),
            statusCode: problems.IsEmpty ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>200 while the database answers within two seconds, else 503.</summary>
    private static async Task<IResult> ReadyAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            await using var command = dataSource.CreateCommand("select 1");
            await command.ExecuteScalarAsync(limit.Token);
            return Results.Text("ready\n");
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException)
        {
            return Results.Text("database unavailable\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
