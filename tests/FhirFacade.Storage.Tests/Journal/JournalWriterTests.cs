using System.Text;
using FhirFacade.Storage.Journal;
using FhirFacade.Storage.Schema;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Journal;

public sealed class JournalWriterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_receipt_names_a_committed_row_that_holds_every_byte()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var writer = new JournalWriter(database.DataSource, new());
        var entry = JournalSamples.Entry("1") with { Bytes = Enumerable.Range(0, 256).Select(octet => (byte)octet).ToArray() };
        var receipt = await writer.AppendAsync(entry, Token);

        Assert.False(receipt.IsDuplicate);
        Assert.Equal(JournalState.Received, receipt.State);
        var (record, bytes) = (await Reader(database).ShowAsync(receipt.Id, Token))!.Value;
        Assert.Equal(entry.Bytes.ToArray(), bytes.ToArray());
        Assert.Equal((entry.Sender, entry.ControlId, entry.MessageType, entry.CorrelationId, entry.ReceivedAt),
            (record.Sender, record.ControlId, record.MessageType, record.CorrelationId, record.ReceivedAt));
        Assert.Equal((JournalState.Received, 0, 256), (record.State, record.Attempts, record.Size));
    }

    [Fact]
    public async Task Many_senders_at_once_get_a_receipt_each_and_share_commits()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var writer = new JournalWriter(database.DataSource, new());
        var receipts = await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => writer.AppendAsync(JournalSamples.Entry($"{number}"), Token)));
        Assert.Equal(1000, receipts.Select(receipt => receipt.Id).Distinct().Count());
        Assert.DoesNotContain(receipts, receipt => receipt.IsDuplicate);
        Assert.InRange(await database.ScalarAsync<long>("select count(distinct xmin::text) from journal"), 1, 999);
    }

    [Fact]
    public async Task One_senders_messages_have_ids_in_the_order_in_which_they_were_sent()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var writer = new JournalWriter(database.DataSource, new(), new() { MessagesInCommit = 7 });
        var receipts = new List<Task<JournalReceipt>>();
        for (var number = 0; number < 100; number++)
        {
            receipts.Add(writer.AppendAsync(JournalSamples.Entry($"{number}"), Token));
        }

        var ids = (await Task.WhenAll(receipts)).Select(receipt => receipt.Id).ToList();
        Assert.Equal(ids.Order(), ids);
    }

    [Fact]
    public async Task The_same_message_again_is_a_duplicate_of_the_first_and_stays_visible()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var writer = new JournalWriter(database.DataSource, new());
        var first = await writer.AppendAsync(JournalSamples.Entry("1"), Token);
        await database.ExecuteAsync("update journal set state = 'stored'");
        var second = await writer.AppendAsync(JournalSamples.Entry("1"), Token);
        Assert.Equal(new JournalReceipt(first.Id, true, JournalState.Stored), second);

        var newest = (await Reader(database).ListAsync(new(JournalState.Duplicate), Token)).Single();
        Assert.Equal(first.Id, newest.DuplicateOf);
        Assert.Equal("MSH|", Encoding.UTF8.GetString((await Reader(database).ShowAsync(newest.Id, Token))!.Value.Bytes.Span));
        Assert.Equal(new JournalCounts(0, 1, 0, 1), await Reader(database).CountAsync(Token));
    }

    [Fact]
    public async Task Other_bytes_another_control_id_or_another_sender_are_no_duplicate()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var writer = new JournalWriter(database.DataSource, new());
        JournalEntry[] entries = [JournalSamples.Entry("1"), JournalSamples.Entry("1", "MSH^"), JournalSamples.Entry("2"), JournalSamples.Entry("1", sender: "RIS")];
        var receipts = await Task.WhenAll(entries.Select(entry => writer.AppendAsync(entry, Token)));
        Assert.DoesNotContain(receipts, receipt => receipt.IsDuplicate);
        Assert.Equal(4, receipts.Select(receipt => receipt.Id).Distinct().Count());
    }

    [Fact]
    public async Task Duplicates_that_arrive_together_at_several_servers_are_kept_once()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writers = Enumerable.Range(0, 4).Select(_ => new JournalWriter(database.DataSource, new())).ToList();
        var receipts = await Task.WhenAll(Enumerable.Range(0, 400).Select(number => Task.Run(() =>
            writers[number % 4].AppendAsync(JournalSamples.Entry($"{number / 8}"), Token))));
        Assert.Equal(50, receipts.Count(receipt => !receipt.IsDuplicate));
        Assert.Equal(50, receipts.Select(receipt => receipt.Id).Distinct().Count());
        Assert.Equal(new JournalCounts(50, 0, 0, 350), await Reader(database).CountAsync(Token));
        foreach (var writer in writers)
        {
            await writer.DisposeAsync();
        }
    }

    [Fact]
    public async Task Bytes_that_are_no_message_are_kept_as_failed_with_the_place()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var writer = new JournalWriter(database.DataSource, new());
        var receipt = await writer.AppendAsync(JournalSamples.Unreadable("hello"), Token);
        Assert.Equal(JournalState.Failed, receipt.State);
        var record = (await Reader(database).ListAsync(new(JournalState.Failed), Token)).Single();
        Assert.Equal(new JournalError("byte 0", "a message begins with MSH", 100), record.Error);
    }

    [Theory]
    [InlineData("\0")]
    [InlineData("\ud800")]
    [InlineData("ß😀\0")]
    public async Task Whatever_stands_in_the_header_does_not_keep_a_message_out(string odd)
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var writer = new JournalWriter(database.DataSource, new());
        var longText = string.Concat(Enumerable.Repeat(odd + "語", 2000));
        var entry = JournalSamples.Entry(longText, sender: longText) with { MessageType = longText, CorrelationId = longText };
        var first = await writer.AppendAsync(entry, Token);
        Assert.Equal(first.Id, (await writer.AppendAsync(entry, Token)).Id);
    }

    [Fact]
    public async Task Without_the_database_nobody_gets_a_receipt_and_with_it_they_do_again()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var writer = new JournalWriter(database.DataSource, new());
        await writer.AppendAsync(JournalSamples.Entry("before"), Token);
        await database.ExecuteAsync("alter table journal rename to elsewhere");
        var refused = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            Assert.ThrowsAsync<JournalUnavailableException>(() => writer.AppendAsync(JournalSamples.Entry($"{number}"), Token))));
        Assert.Equal(20, refused.Length);
        await database.ExecuteAsync("alter table elsewhere rename to journal");
        Assert.False((await writer.AppendAsync(JournalSamples.Entry("7"), Token)).IsDuplicate);
        Assert.Equal(2L, await database.ScalarAsync<long>("select count(*) from journal"));
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_replaced_before_anybody_notices()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var writer = new JournalWriter(database.DataSource, new());
        await writer.AppendAsync(JournalSamples.Entry("1"), Token);
        await using (var other = DataSources.Create(database.ConnectionString))
        {
            await using var cut = other.CreateCommand("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
            await cut.ExecuteNonQueryAsync(Token);
        }

        var receipt = await writer.AppendAsync(JournalSamples.Entry("2"), Token);
        Assert.Equal(JournalState.Received, receipt.State);
    }

    [Fact]
    public async Task A_writer_that_is_closed_commits_what_it_had_and_takes_no_more()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = new JournalWriter(database.DataSource, new());
        var waiting = Enumerable.Range(0, 50).Select(number => writer.AppendAsync(JournalSamples.Entry($"{number}"), Token)).ToList();
        await writer.DisposeAsync();
        Assert.Equal(50, (await Task.WhenAll(waiting)).Length);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => writer.AppendAsync(JournalSamples.Entry("late"), Token));
    }

    [Fact]
    public async Task Repetitions_among_new_messages_keep_everybodys_receipt_apart()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var writer = new JournalWriter(database.DataSource, new());
        var first = await writer.AppendAsync(JournalSamples.Entry("0"), Token);
        for (var round = 1; round < 4; round++)
        {
            // Sent together: one that is there already, two that are the same, and new ones.
            string[] controlIds = [$"{round}a", "0", $"{round}b", $"{round}b", $"{round}c"];
            var receipts = await Task.WhenAll(controlIds.Select(controlId => writer.AppendAsync(JournalSamples.Entry(controlId), Token)));
            Assert.Equal([false, true, false, true, false], receipts.Select(receipt => receipt.IsDuplicate));
            Assert.Equal(first.Id, receipts[1].Id);
            Assert.Equal(receipts[2].Id, receipts[3].Id);
            foreach (var (controlId, receipt) in controlIds.Zip(receipts))
            {
                Assert.Equal(controlId, await database.ScalarAsync<string>($"select control_id from journal where id = {receipt.Id}"));
            }
        }

        Assert.Equal(10L, await database.ScalarAsync<long>("select count(*) from journal where state <> 'duplicate'"));
    }

    private static JournalReader Reader(TestDatabase database) => new(database.DataSource, new());
}
