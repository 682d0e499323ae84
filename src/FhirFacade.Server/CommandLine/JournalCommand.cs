using System.CommandLine;
using System.Globalization;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Journal;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Server.CommandLine;

/// <summary><c>fhirfacade journal list|show|replay|unmapped</c>: what has come in, what became of it, once more, and what nobody reads.</summary>
internal static class JournalCommand
{
    private static readonly Option<JournalState?> State = new("--state") { Description = "received, stored, failed or duplicate", HelpName = "STATE" };
    private static readonly Option<string?> Sender = new("--sender") { Description = "only from this sender, as the list shows it", HelpName = "NAME" };
    private static readonly Option<bool> BySender = new("--by-sender") { Description = "count each sender alone" };
    private static readonly Option<long?> Before = new("--before") { Description = "only rows older than this one", HelpName = "ID" };
    private static readonly Option<int> Limit = new("--limit") { Description = "at most so many rows", HelpName = "N", DefaultValueFactory = _ => 20 };
    private static readonly Argument<long> Id = new("id") { Description = "the row" };
    private static readonly Argument<long[]> Ids = new("id") { Description = "the rows", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<bool> AllFailed = new("--all-failed") { Description = "every failed message" };
    private static readonly Option<bool> Raw = new("--message") { Description = "print the message itself, which holds a patient's data" };

    public static Command Create()
    {
        var list = new Command("list", "List messages, newest first.") { State, Sender, Before, Limit };
        list.SetAction((line, stop) => WithJournalAsync(line, journal => ListAsync(line, journal, stop)));
        var show = new Command("show", "Show what became of one message.") { Id, Raw };
        show.SetAction((line, stop) => WithJournalAsync(line, journal => ShowAsync(line, journal, stop)));
        var replay = new Command("replay", "Process messages again.") { Ids, AllFailed };
        replay.SetAction((line, stop) => WithJournalAsync(line, journal => ReplayAsync(line, journal, stop)));
        var unmapped = new Command("unmapped", "Count the fields that senders fill and no mapping uses.") { Sender, BySender, Limit };
        unmapped.SetAction((line, stop) => WithJournalAsync(line, journal => UnmappedAsync(line, journal, stop)));
        return new("journal", "Look at the journal of received messages.") { list, show, replay, unmapped };
    }

    private static async Task<int> WithJournalAsync(ParseResult line, Func<JournalReader, Task<int>> action)
    {
        await using var dataSource = DataSources.Create(Settings.Database(line));
        try
        {
            return await action(new JournalReader(dataSource, new JournalSignal()));
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new StartupException("this database holds no journal yet; start the server once", error);
        }
    }

    private static async Task<int> ListAsync(ParseResult line, JournalReader journal, CancellationToken cancellationToken)
    {
        var filter = new JournalFilter(line.GetValue(State), line.GetValue(Sender), line.GetValue(Before), line.GetValue(Limit));
        var records = await journal.ListAsync(filter, cancellationToken);
        Console.WriteLine($"{"id",8}  {"received",-19}  {"state",-9}  {"type",-8}  {"sender",-24}  {"control id",-20}  what is wrong");
        foreach (var r in records)
        {
            Console.WriteLine(
                $"{r.Id,8}  {Time(r.ReceivedAt),-19}  {Name(r.State),-9}  {r.MessageType,-8}  {r.Sender,-24}  {r.ControlId,-20}  {Trouble(r)}".TrimEnd());
        }

        var counts = await journal.CountAsync(cancellationToken);
        Console.WriteLine($"{counts.Received} received, {counts.Stored} stored, {counts.Failed} failed, {counts.Duplicate} duplicate");
        return 0;
    }

    private static async Task<int> UnmappedAsync(ParseResult line, JournalReader journal, CancellationToken cancellationToken)
    {
        var bySender = line.GetValue(BySender);
        Console.WriteLine($"{"field",-10}  {"messages",9}  {"fields",9}  {"example",9}{(bySender ? "  sender" : "")}");
        foreach (var field in await journal.UnmappedAsync(line.GetValue(Sender), bySender, line.GetValue(Limit), cancellationToken))
        {
            Console.WriteLine($"{field.Field,-10}  {field.Messages,9}  {field.Count,9}  {field.Example,9}{(field.Sender is null ? "" : "  " + field.Sender)}");
        }

        return 0;
    }

    private static async Task<int> ShowAsync(ParseResult line, JournalReader journal, CancellationToken cancellationToken)
    {
        if (await journal.ShowAsync(line.GetValue(Id), cancellationToken) is not { } found)
        {
            throw new StartupException($"the journal has no row {line.GetValue(Id)}");
        }

        var (r, bytes) = found;
        if (line.GetValue(Raw))
        {
            await using var output = Console.OpenStandardOutput();
            await output.WriteAsync(bytes, cancellationToken);
            return 0;
        }

        foreach (var (name, value) in new (string, object?)[]
        {
            ("id", r.Id), ("state", Name(r.State)), ("repeats", r.DuplicateOf), ("type", r.MessageType), ("sender", r.Sender), ("control id", r.ControlId),
            ("size", $"{r.Size} bytes"), ("received", Time(r.ReceivedAt)), ("finished", r.FinishedAt is { } at ? Time(at) : null), ("attempts", r.Attempts),
            ("listener", r.Listener.Length > 0 ? r.Listener : null), ("feed", r.Feed), ("correlation", r.CorrelationId), ("error", r.Error is { } e ? $"{e.Code} at {e.Location}: {e.Rule}" : null),
            ("unmapped", r.Unmapped.IsDefaultOrEmpty ? null : string.Join(' ', r.Unmapped)),
        })
        {
            if (value is not null)
            {
                Console.WriteLine($"{name,-12} {value}");
            }
        }

        foreach (var warning in r.Warnings.IsDefault ? [] : r.Warnings)
        {
            Console.WriteLine($"{"warning",-12} {warning.Code} at {warning.Location}: {warning.Rule}");
        }

        return 0;
    }

    private static async Task<int> ReplayAsync(ParseResult line, JournalReader journal, CancellationToken cancellationToken)
    {
        var ids = line.GetValue(AllFailed) ? await FailedAsync(journal, cancellationToken) : line.GetValue(Ids)!;
        if (ids.Length == 0 && !line.GetValue(AllFailed))
        {
            throw new StartupException("which row? give its id, or --all-failed");
        }

        var queued = 0;
        foreach (var id in ids)
        {
            var outcome = await journal.ReplayAsync(id, cancellationToken);
            queued += outcome == ReplayOutcome.Queued ? 1 : 0;
            var words = outcome switch
            {
                ReplayOutcome.Queued => "queued",
                ReplayOutcome.AlreadyWaiting => "is waiting already",
                ReplayOutcome.IsDuplicate => "repeats an earlier row; replay that",
                _ => "does not exist",
            };
            Console.WriteLine($"{id} {words}");
        }

        return queued == ids.Length ? 0 : 1;
    }

    private static async Task<long[]> FailedAsync(JournalReader journal, CancellationToken cancellationToken)
    {
        var ids = new List<long>();
        while (true)
        {
            var page = await journal.ListAsync(new(JournalState.Failed, Before: ids.Count == 0 ? null : ids[^1], Limit: 500), cancellationToken);
            if (page.IsEmpty)
            {
                ids.Reverse();
                return [.. ids];
            }

            ids.AddRange(page.Select(r => r.Id));
        }
    }

    private static string Trouble(JournalRecord r) => r switch
    {
        { Error: { } error } => $"{error.Location}: {error.Rule}",
        { DuplicateOf: { } first } => $"repeats {first}",
        _ => "",
    };

    private static string Name(JournalState state) => state.ToString().ToLowerInvariant();

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
