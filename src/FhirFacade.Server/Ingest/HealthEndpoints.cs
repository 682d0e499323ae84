using Npgsql;

namespace FhirFacade.Server.Ingest;

/// <summary>Two open endpoints for whatever watches the process. They say nothing but up or down.</summary>
internal static class HealthEndpoints
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("live\n")).AllowAnonymous();
        app.MapGet("/health/ready", ReadyAsync).AllowAnonymous();
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
