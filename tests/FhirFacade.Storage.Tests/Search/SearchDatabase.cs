using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>A database with <see cref="Hospital"/> in it, searched the way the server does.</summary>
public sealed class SearchDatabase : IAsyncLifetime
{
    /// <summary>When everything in the hospital was written; <c>ap</c> is measured from here, too.</summary>
    public static readonly DateTimeOffset Now = new(2024, 7, 1, 12, 0, 0, TimeSpan.Zero);

    private TestDatabase? database;

    internal TestDatabase Database => database ?? throw new InvalidOperationException("Not there yet.");

    internal SearchExecutor Executor => new(Database.DataSource, Clock);

    internal static TimeProvider Clock { get; } = new StoppedClock();

    public async ValueTask InitializeAsync()
    {
        database = await TestCluster.NewDatabaseAsync();
        var writer = new ResourceWriter(database.DataSource, Clock);
        foreach (var resource in Hospital.Resources)
        {
            var outcome = await writer.UpdateAsync(
                resource.GetProperty("resourceType").GetString()!, resource.GetProperty("id").GetString()!, resource, null, Grant("system/*.cruds", null), CancellationToken.None);
            Assert.IsType<WriteOutcome.Created>(outcome);
        }

        await database.ExecuteAsync("analyze");
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    internal static AccessGrant Grant(string scopes, string? patient) => new("subject", "client", patient, SmartScopes.Parse(scopes).Rules);

    internal static SearchQuery Query(string type, string query)
    {
        var result = QueryParser.Parse(type, Parameters(query), lenient: false, Clock);
        Assert.True(result.Query is not null, string.Join("; ", result.Issues.Select(i => i.Diagnostics)));
        return result.Query;
    }

    internal static ImmutableArray<KeyValuePair<string, string>> Parameters(string query) =>
        [.. query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p[1].Replace("%26", "&", StringComparison.Ordinal)))];

    /// <summary>The page; null if the planner refuses.</summary>
    internal async Task<SearchPage?> PageAsync(SearchQuery query, AccessGrant grant, PageCursor? from = null)
    {
        return Planner.Plan(query, grant, from) is PlanOutcome.Planned planned
            ? await Executor.ExecuteAsync(planned.Plan, TestContext.Current.CancellationToken)
            : null;
    }

    internal Task<SearchPage?> PageAsync(string type, string query, AccessGrant grant) => PageAsync(Query(type, query), grant);

    /// <summary>The ids that match, in order, under a grant that opens everything.</summary>
    internal async Task<string[]> IdsAsync(string type, string query) =>
        [.. (await PageAsync(type, query, Grant("system/*.rs", null)))!.Matches.Select(r => r.Id)];

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
