using System.Collections.Concurrent;
using System.Globalization;
using FhirFacade.Storage.Journal;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Tests.Resources;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Journal;

public sealed class JournalWorkersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_and_its_resources_are_stored_together_and_name_each_other()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var feed = new Feed(database, workers: 2);
        var receipt = await feed.Writer.AppendAsync(JournalSamples.Entry("1", "Nilsen"), Token);
        await feed.RunUntilIdleAsync(message => Store(Samples.Change("p", Samples.Patient(message.Text()))) with { Unmapped = ["PID-31", "PV1-40"], Warnings = [new("W", 102, "PID-7", "a date")] });

        var (record, _) = (await feed.Reader.ShowAsync(receipt.Id, Token))!.Value;
        Assert.Equal((JournalState.Stored, 1), (record.State, record.Attempts));
        Assert.Equal(["PID-31", "PV1-40"], record.Unmapped);
        Assert.Equal([new("W", 102, "PID-7", "a date")], record.Warnings);
        Assert.NotNull(record.FinishedAt);
        Assert.Equal(receipt.Id, await database.ScalarAsync<long>("select source from r.patient where id = 'p'"));
    }

    [Fact]
    public async Task Messages_of_a_patient_are_processed_in_order_whatever_the_number_of_workers_and_servers()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var one = new Feed(database, workers: 4, messagesInTransaction: 3);
        await using var two = new Feed(database, workers: 4, messagesInTransaction: 3);
        const int Patients = 20;
        const int Each = 20;
        for (var number = 0; number < Patients * Each; number++)
        {
            await one.Writer.AppendAsync(JournalSamples.Entry($"{number}", $"{number / Patients}", $"patient{number % Patients}"), Token);
        }

        MessageOutcome Append(JournalMessage message) =>
            Store(Samples.Change($"p{message.Id % Patients}", Samples.Patient($"{int.Parse(message.Text(), CultureInfo.InvariantCulture):00}")));
        await Task.WhenAll(one.RunUntilIdleAsync(Append), two.RunUntilIdleAsync(Append));

        Assert.Equal(Patients, await database.ScalarAsync<long>("select count(*) from r.patient where version = 20"));
        Assert.Equal(0L, await database.ScalarAsync<long>("""
            select count(*) from (
              select doc #>> '{name,0,family}' as said, lpad((version - 1)::text, 2, '0') as expected
              from (select version, doc from r.patient union all select version, doc from history) v) x
            where said <> expected
            """));
        Assert.Equal(new JournalCounts(0, Patients * Each, 0, 0), await one.Reader.CountAsync(Token));
    }

    [Fact]
    public async Task A_message_about_two_patients_stays_in_order_with_those_of_both()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var feed = new Feed(database, workers: 4, messagesInTransaction: 2);
        for (var round = 0; round < 30; round++)
        {
            await feed.Writer.AppendAsync(JournalSamples.Entry($"a{round}", "a", "a"), Token);
            await feed.Writer.AppendAsync(JournalSamples.Entry($"b{round}", "b", "b"), Token);
            await feed.Writer.AppendAsync(JournalSamples.Entry($"ab{round}", "ab", "a", "LAB", "b"), Token);
        }

        var log = new ConcurrentQueue<(string Patient, long Id)>();
        await feed.RunUntilIdleAsync(message =>
        {
            foreach (var patient in message.Text())
            {
                log.Enqueue((patient.ToString(), message.Id));
            }

            return Store();
        });
        foreach (var patient in log.GroupBy(item => item.Patient, item => item.Id))
        {
            Assert.Equal(60, patient.Count());
            Assert.Equal(patient.Order(), patient);
        }
    }

    [Fact]
    public async Task A_message_that_cannot_be_translated_fails_and_those_behind_it_go_on()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var feed = new Feed(database, workers: 2);
        foreach (var text in new[] { "good1", "refused", "thrown", "good2" })
        {
            await feed.Writer.AppendAsync(JournalSamples.Entry(text, text), Token);
        }

        await feed.RunUntilIdleAsync(message => message.Text() switch
        {
            "refused" => new MessageOutcome.Fail(new("PID-3", "an identifier is needed", 101)),
            "thrown" => throw new InvalidOperationException("Nilsen, born 1950"),
            var text => Store(Samples.Change(text, Samples.Patient(text))),
        });
        Assert.Equal(new JournalCounts(0, 2, 2, 0), await feed.Reader.CountAsync(Token));
        var failed = await feed.Reader.ListAsync(new(JournalState.Failed), Token);
        Assert.Equal(new JournalError("PID-3", "an identifier is needed", 101), failed[1].Error);
        Assert.Contains("InvalidOperationException", failed[0].Error!.Rule, StringComparison.Ordinal);
        Assert.DoesNotContain("Nilsen", failed[0].Error!.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_database_refuses_fails_alone_although_it_was_in_one_transaction_with_others()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await database.ExecuteAsync("alter table r.patient add check (doc #>> '{name,0,family}' <> 'Poison')");
        await using var feed = new Feed(database, workers: 1);
        foreach (var text in new[] { "One", "Poison", "Three" })
        {
            await feed.Writer.AppendAsync(JournalSamples.Entry(text, text), Token);
        }

        await feed.RunUntilIdleAsync(message => Store(Samples.Change(message.Text(), Samples.Patient(message.Text()))));
        Assert.Equal(new JournalCounts(0, 2, 1, 0), await feed.Reader.CountAsync(Token));
        Assert.Equal("One Three", await database.ScalarAsync<string>("select string_agg(id, ' ' order by id) from r.patient"));
        var error = (await feed.Reader.ListAsync(new(JournalState.Failed), Token)).Single().Error!;
        Assert.Contains("23514", error.Rule, StringComparison.Ordinal);
        Assert.DoesNotContain("Poison", error.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_message_can_be_replayed_and_keeps_count()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var feed = new Feed(database, workers: 1);
        var id = (await feed.Writer.AppendAsync(JournalSamples.Entry("1", "Nilsen"), Token)).Id;
        await feed.RunUntilIdleAsync(_ => new MessageOutcome.Fail(new("PID-3", "an identifier is needed", 101)));
        Assert.Equal(ReplayOutcome.Queued, await feed.Reader.ReplayAsync(id, Token));
        Assert.Equal(ReplayOutcome.AlreadyWaiting, await feed.Reader.ReplayAsync(id, Token));
        await feed.RunUntilIdleAsync(message => Store(Samples.Change("p", Samples.Patient(message.Text()))));
        var record = (await feed.Reader.ShowAsync(id, Token))!.Value.Record;
        Assert.Equal((JournalState.Stored, 2, null), (record.State, record.Attempts, record.Error));

        await feed.Reader.ReplayAsync(id, Token);
        await feed.RunUntilIdleAsync(message => Store(Samples.Change("p", Samples.Patient(message.Text()))));
        Assert.Equal(1, await database.ScalarAsync<int>("select version from r.patient where id = 'p'"));
        Assert.Equal(ReplayOutcome.NotFound, await feed.Reader.ReplayAsync(id + 1, Token));

        await feed.Writer.AppendAsync(JournalSamples.Entry("1", "Nilsen"), Token);
        var duplicate = (await feed.Reader.ListAsync(new(JournalState.Duplicate), Token)).Single();
        Assert.Equal(ReplayOutcome.IsDuplicate, await feed.Reader.ReplayAsync(duplicate.Id, Token));
    }

    [Fact]
    public async Task A_worker_that_dies_before_its_commit_leaves_the_message_as_it_was()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var feed = new Feed(database, workers: 1);
        await feed.Writer.AppendAsync(JournalSamples.Entry("1", "Nilsen"), Token);

        // The backend is killed between the translation and the commit, once: what it had written is rolled back.
        var kills = 0;
        await feed.RunUntilIdleAsync(message =>
        {
            if (Interlocked.Increment(ref kills) == 1)
            {
                database.ScalarAsync<long>("select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
                    .GetAwaiter().GetResult();
            }

            return Store(Samples.Change("p", Samples.Patient(message.Text())));
        });
        Assert.Equal(2, kills);
        Assert.Equal(new JournalCounts(0, 1, 0, 0), await feed.Reader.CountAsync(Token));
        Assert.Equal(1, await database.ScalarAsync<int>("select version from r.patient where id = 'p'"));
        Assert.Equal(1, await database.ScalarAsync<int>("select attempts from journal"));
    }

    [Fact]
    public async Task Workers_that_share_a_practitioner_lose_none_of_their_messages()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var feed = new Feed(database, workers: 8, messagesInTransaction: 4);
        for (var number = 0; number < 200; number++)
        {
            await feed.Writer.AppendAsync(JournalSamples.Entry($"{number}", $"{number}", $"patient{number}"), Token);
        }

        await feed.RunUntilIdleAsync(message => Store(
            Samples.Change("z", Samples.Practitioner($"Z{message.Id}")),
            Samples.Change($"p{message.Id}", Samples.Patient("Nilsen")),
            Samples.Change("a", Samples.Practitioner($"A{message.Id}"))));
        Assert.Equal(new JournalCounts(0, 200, 0, 0), await feed.Reader.CountAsync(Token));
        Assert.Equal(200, await database.ScalarAsync<int>("select version from r.practitioner where id = 'a'"));
        Assert.Equal(398L, await database.ScalarAsync<long>("select count(*) from history"));
    }

    [Fact]
    public async Task A_message_that_another_server_received_is_found_by_looking()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var receiving = new Feed(database, workers: 1);
        await using var working = new Feed(database, workers: 3);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = working.Workers.RunAsync(_ => Store(), stop.Token);
        await receiving.Writer.AppendAsync(JournalSamples.Entry("1"), Token);
        while ((await working.Reader.CountAsync(Token)).Stored == 0)
        {
            await Task.Delay(20, Token);
        }

        await stop.CancelAsync();
        await run;
    }

    private static MessageOutcome.Store Store(params ResourceChange[] changes) => new([.. changes]);

    private sealed class Feed : IAsyncDisposable
    {
        private readonly JournalSignal signal = new();

        public Feed(TestDatabase database, int workers, int messagesInTransaction = 50)
        {
            Writer = new(database.DataSource, signal);
            Reader = new(database.DataSource, signal);
            Workers = new(database.DataSource, signal, TimeProvider.System,
                new() { Workers = workers, MessagesInTransaction = messagesInTransaction, PollingInterval = TimeSpan.FromMilliseconds(50) });
        }

        public JournalWriter Writer { get; }

        public JournalReader Reader { get; }

        public JournalWorkers Workers { get; }

        public async Task RunUntilIdleAsync(Func<JournalMessage, MessageOutcome> translate)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var run = Workers.RunAsync(translate, stop.Token);
            while ((await CountAsync()).Received > 0)
            {
                await Task.Delay(20, Token);
            }

            await stop.CancelAsync();
            await run;
        }

        public ValueTask DisposeAsync() => Writer.DisposeAsync();

        private async Task<JournalCounts> CountAsync()
        {
            try
            {
                return await Reader.CountAsync(Token);
            }
            catch (Npgsql.NpgsqlException)
            {
                // A test that cuts connections may cut this one, too.
                return new(1, 0, 0, 0);
            }
        }
    }
}
