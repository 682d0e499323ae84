using FhirFacade.Storage.Journal;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>Which answer a message gets over MLLP, and what the journal then holds.</summary>
public sealed class AcknowledgementTests(SharedIngestServer shared) : IClassFixture<SharedIngestServer>
{
    private readonly IngestServer server = shared.Server;

    [Fact]
    public async Task An_admission_is_acknowledged_and_in_the_journal()
    {
        await using var client = await server.ConnectAsync();

        var answer = await client.AskAsync(Messages.Admission("A-1"));

        Assert.Equal("AA", answer.Get("MSA-1").Text);
        Assert.Equal("A-1", answer.Get("MSA-2").Text);
        Assert.Equal("ACK", answer.MessageCode);
        Assert.Equal("TESTADT", answer.ReceivingApplication.Text);
        var row = Assert.Single(await server.RowsAsync("A-1"));
        Assert.Equal(("TESTADT|TESTHOSPITAL", "A-1", "ADT^A01"), (row.Sender, row.ControlId, row.MessageType));
        Assert.Equal(32, row.CorrelationId.Length);
    }

    [Theory]
    [InlineData("AL", "", "CA")]
    [InlineData("AL", "AL", "CA")]
    [InlineData("SU", "NE", "CA")]
    [InlineData("NE", "AL", "AA")]
    [InlineData("", "SU", "AA")]
    public async Task In_enhanced_mode_the_answer_is_the_one_that_was_asked_for(string accept, string application, string expected)
    {
        await using var client = await server.ConnectAsync();

        var answer = await client.AskAsync(Messages.Admission($"E-1{accept}{application}", acceptAck: accept, applicationAck: application));

        Assert.Equal(expected, answer.Get("MSA-1").Text);
    }

    [Theory]
    [InlineData("NE", "NE")]
    [InlineData("ER", "NE")]
    [InlineData("NE", "ER")]
    public async Task A_sender_that_wants_no_answer_gets_none_and_its_message_is_taken(string accept, string application)
    {
        await using var client = await server.ConnectAsync();

        await client.SendAsync(Messages.Admission($"N-1{accept}{application}", acceptAck: accept, applicationAck: application));
        var answer = await client.AskAsync(Messages.Admission("N-2"));

        Assert.Equal("N-2", answer.Get("MSA-2").Text);
        Assert.Single(await server.RowsAsync($"N-1{accept}{application}"));
    }

    [Fact]
    public async Task Bytes_that_are_no_message_are_refused_and_kept()
    {
        await using var client = await server.ConnectAsync();

        var answer = await client.AskAsync("this is no message");

        Assert.Equal("AR", answer.Get("MSA-1").Text);
        Assert.Equal("100", answer.Get("ERR-3.1").Text);
        var row = Assert.Single(await server.Journal.ListAsync(new(Sender: $"mllp:{server.MllpPort}"), TestContext.Current.CancellationToken));
        Assert.Equal(JournalState.Failed, row.State);
        Assert.Equal(100, row.Error!.Code);
        var kept = await server.Journal.ShowAsync(row.Id, TestContext.Current.CancellationToken);
        Assert.Equal("this is no message"u8.ToArray(), kept!.Value.Bytes.ToArray());
    }

    [Theory]
    [InlineData("", "AE")]
    [InlineData("AL", "CE")]
    public async Task A_message_without_a_type_is_refused_with_the_place_and_kept(string acceptAck, string expected)
    {
        await using var client = await server.ConnectAsync();

        var answer = await client.AskAsync(Messages.Admission("F-1" + acceptAck, acceptAck: acceptAck).Replace("ADT^A01^ADT_A01", "", StringComparison.Ordinal));

        Assert.Equal((expected, "F-1" + acceptAck), (answer.Get("MSA-1").Text, answer.Get("MSA-2").Text));
        Assert.Equal(("MSH", "9", "101"), (answer.Get("ERR-2.1").Text, answer.Get("ERR-2.3").Text, answer.Get("ERR-3.1").Text));
        var row = Assert.Single(await server.RowsAsync("F-1"), row => row.ControlId == "F-1" + acceptAck);
        Assert.Equal((JournalState.Failed, "MSH-9"), (row.State, row.Error!.Location));
    }

    [Fact]
    public async Task The_same_message_again_is_acknowledged_again_and_kept_once()
    {
        await using var client = await server.ConnectAsync();

        for (var time = 0; time < 3; time++)
        {
            Assert.Equal("AA", (await client.AskAsync(Messages.Admission("D-1"))).Get("MSA-1").Text);
        }

        await server.SettledAsync();
        var rows = await server.RowsAsync("D-1");
        var first = Assert.Single(rows, row => row.State != JournalState.Duplicate);
        Assert.All(rows.Where(row => row.State == JournalState.Duplicate), row => Assert.Equal(first.Id, row.DuplicateOf));
        Assert.Equal(3, rows.Count);
    }

    [Fact]
    public async Task Other_bytes_under_the_same_control_id_are_another_message()
    {
        await using var client = await server.ConnectAsync();

        await client.AskAsync(Messages.Admission("D-2", name: "Quill^Edda"));
        await client.AskAsync(Messages.Admission("D-2", name: "Quill^Edith"));

        var rows = await server.RowsAsync("D-2");
        Assert.Equal(2, rows.Count(row => row.State != JournalState.Duplicate));
    }

    [Fact]
    public async Task A_batch_in_one_frame_is_answered_with_a_batch()
    {
        await using var client = await server.ConnectAsync();

        await client.SendAsync("BHS|^~\\&|TESTADT\r" + Messages.Admission("B-1") + Messages.Admission("B-2", "T2") + "BTS|2\r");
        var answer = await client.ReadTextAsync();

        Assert.StartsWith("BHS|", answer, StringComparison.Ordinal);
        Assert.Contains("MSA|AA|B-1\r", answer, StringComparison.Ordinal);
        Assert.Contains("MSA|AA|B-2\r", answer, StringComparison.Ordinal);
        Assert.EndsWith("BTS|2\r", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_database_nothing_is_accepted_and_the_sender_is_told_to_come_again()
    {
        await using var cutOff = await IngestServer.StartWithoutDatabaseAsync();
        await using var client = await cutOff.ConnectAsync();

        var answer = await client.AskAsync(Messages.Admission("U-1"));

        Assert.Equal(("AR", "U-1", "207"), (answer.Get("MSA-1").Text, answer.Get("MSA-2").Text, answer.Get("ERR-3.1").Text));
        Assert.Null(await client.ReadTextAsync());
    }
}
