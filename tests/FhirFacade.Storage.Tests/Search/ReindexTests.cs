using System.Text.Json;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Reindex;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>Rows that were indexed by something else than what is built in, or not at all, are put right.</summary>
public sealed class ReindexTests : IAsyncLifetime
{
    private static readonly string[] SideTables = ["_range", "_text", "_posting"];

    private readonly SearchDatabase hospital = new();

    public ValueTask InitializeAsync() => hospital.InitializeAsync();

    public ValueTask DisposeAsync() => hospital.DisposeAsync();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_index_lost_is_written_as_it_was()
    {
        var before = await IndexAsync();
        await hospital.Database.ExecuteAsync("update r.observation set terms = '{1}', present = '{}', date_lo = '-infinity', date_hi = null");
        await hospital.Database.ExecuteAsync("update r.patient set terms = '{}'");
        await hospital.Database.ExecuteAsync("delete from r.observation_range where rid % 2 = 0; ");
        await hospital.Database.ExecuteAsync("delete from r.observation_posting");
        await hospital.Database.ExecuteAsync("delete from r.patient_text");
        await hospital.Database.ExecuteAsync("delete from index_text");
        Assert.NotEqual(before, await IndexAsync());

        var jobs = new ReindexJobs(hospital.Database.DataSource);
        var job = await RunAsync(jobs, await jobs.StartAsync(ResourceTables.Types, "test", Stop));

        Assert.Equal(before, await IndexAsync());
        Assert.True(job.Types.Sum(type => type.Done) > job.Types.Sum(type => type.Changed), "rows that were as they should be were written");
        Assert.True(job.Types.Sum(type => type.Changed) > 0);
        Assert.Equal(1, await hospital.Database.ScalarAsync<int>("select max(version) from r.observation"));
        Assert.Equal(0, await hospital.Database.ScalarAsync<long>("select count(*) from history"));
    }

    [Fact]
    public async Task Rows_of_older_definitions_are_found_at_the_start_and_tables_without_rows_are_not()
    {
        var jobs = new ReindexJobs(hospital.Database.DataSource);
        Assert.Null(await jobs.StartIfBehindAsync(Stop));

        // A database from before there was a record of it.
        await hospital.Database.ExecuteAsync("delete from index_type");
        var (job, types) = (await jobs.StartIfBehindAsync(Stop))!.Value;
        Assert.Contains("Observation", types);
        Assert.DoesNotContain("Account", types);
        Assert.Null(await jobs.StartIfBehindAsync(Stop));
        Assert.Single(await jobs.UnfinishedAsync(Stop));

        Assert.Equal("completed", (await RunAsync(jobs, job)).State);
        Assert.Null(await jobs.StartIfBehindAsync(Stop));
        Assert.Equal((long)ResourceTables.Types.Count, await hospital.Database.ScalarAsync<long>("select count(*) from index_type"));

        await hospital.Database.ExecuteAsync("update index_type set definitions = 7 where type = 'Patient'");
        Assert.Equal(["Patient"], (await jobs.StartIfBehindAsync(Stop))!.Value.Types);
    }

    [Fact]
    public async Task Nothing_is_read_before_older_transactions_have_ended_and_a_cancelled_job_stays_where_it_is()
    {
        var jobs = new ReindexJobs(hospital.Database.DataSource);
        await using var older = await hospital.Database.DataSource.OpenConnectionAsync(Stop);
        await using var transaction = await older.BeginTransactionAsync(Stop);
        await using (var write = new Npgsql.NpgsqlCommand("insert into patient_key (id) values ('older')", older))
        {
            await write.ExecuteNonQueryAsync(Stop);
        }

        var job = await jobs.StartAsync(["Patient"], "test", Stop);
        var reindexer = new Reindexer(hospital.Database.DataSource, 0);
        for (var step = 0; step < 5; step++)
        {
            await reindexer.StepAsync(Stop);
        }

        Assert.Equal(("running", 0L), ((await jobs.FindAsync(job, Stop))!.State, (await jobs.FindAsync(job, Stop))!.Types[0].Done));
        await transaction.CommitAsync(Stop);

        // Transactions of other databases of the cluster count, too: those of tests beside this one.
        for (var step = 0; step < 3000 && (await jobs.FindAsync(job, Stop))!.Types[0].Done == 0; step++)
        {
            await reindexer.StepAsync(Stop);
            await Task.Delay(10, Stop);
        }

        Assert.True((await jobs.FindAsync(job, Stop))!.Types[0].Done > 0);
        Assert.True(await jobs.CancelAsync(job, Stop));
        Assert.False(await jobs.CancelAsync(job, Stop));
        Assert.Equal(Reindexer.Idle, await reindexer.StepAsync(Stop));
    }

    [Fact]
    public async Task Writers_and_a_job_do_not_lose_each_others_rows()
    {
        var jobs = new ReindexJobs(hospital.Database.DataSource);
        var writer = new ResourceWriter(hospital.Database.DataSource, TimeProvider.System);
        var grant = SearchDatabase.Grant("system/*.cruds", null);
        var ids = await hospital.IdsAsync("Observation", "_count=100");
        await hospital.Database.ExecuteAsync("update r.observation set terms = '{1}'");
        var job = await jobs.StartAsync(["Observation"], "test", Stop);

        var writing = Parallel.ForEachAsync(Enumerable.Range(0, 60), Stop, async (n, stop) =>
            await writer.UpdateAsync("Observation", ids[n % ids.Length], JsonElement.Parse($$"""
                {"resourceType":"Observation","id":"{{ids[n % ids.Length]}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"written"}]},"valueInteger":{{n}}}
                """), null, grant, stop));
        await RunAsync(jobs, job);
        await writing;

        Assert.Equal(
            await hospital.Database.ScalarAsync<long>("select count(*) from r.observation where doc #>> '{code,coding,0,code}' = 'written'"),
            (await hospital.IdsAsync("Observation", "code=written&_count=1000")).Length);
        Assert.Equal(0, await hospital.Database.ScalarAsync<long>("select count(*) from r.observation where terms = '{1}'"));
    }

    private async Task<ReindexJob> RunAsync(ReindexJobs jobs, long job)
    {
        var reindexer = new Reindexer(hospital.Database.DataSource, 0);
        while (await jobs.FindAsync(job, Stop) is { HasEnded: false })
        {
            await reindexer.StepAsync(Stop);
        }

        return (await jobs.FindAsync(job, Stop))!;
    }

    // Everything that searches look at, as one text.
    private async Task<string> IndexAsync()
    {
        var parts = new List<string>();
        foreach (var type in new[] { "observation", "patient", "encounter", "condition" })
        {
            parts.Add(await TextAsync($"select string_agg(t::text, ';' order by t.rid) from (select rid, terms, present, date_lo, date_hi from r.{type}) t"));
            foreach (var side in SideTables)
            {
                if (await hospital.Database.ScalarAsync<bool>($"select to_regclass('r.{type}{side}') is not null"))
                {
                    parts.Add(await TextAsync($"select string_agg(t::text, ';' order by t::text) from r.{type}{side} t"));
                }
            }
        }

        parts.Add(await TextAsync("select string_agg(t::text, ';' order by t.term) from index_text t"));
        return string.Join('\n', parts);

        Task<string> TextAsync(string sql) => hospital.Database.ScalarAsync<string>($"select coalesce(({sql}), '')");
    }
}
