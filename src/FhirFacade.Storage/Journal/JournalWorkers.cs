using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FhirFacade.Storage.Journal;

/// <summary>
/// Works off the journal: in order within each lane, lanes in parallel, over any number of servers. What a message becomes and
/// the note that it has become so are one transaction.
/// </summary>
public sealed class JournalWorkers
{
    private static readonly Action<ILogger, string, Exception?> Waits =
        LoggerMessage.Define<string>(LogLevel.Warning, new(1, nameof(Waits)), "journal: {Reason}; trying again");

    private static readonly Action<ILogger, long, string, Exception?> Failed =
        LoggerMessage.Define<long, string>(LogLevel.Error, new(2, nameof(Failed)), "journal: message {JournalId} failed: {Reason}");

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource dataSource;
    private readonly JournalSignal signal;
    private readonly TimeProvider clock;
    private readonly JournalWorkerOptions options;
    private readonly ILogger logger;
    private readonly LaneReservations reservations;

    /// <summary>Does nothing until <see cref="RunAsync"/>.</summary>
    public JournalWorkers(
        NpgsqlDataSource dataSource, JournalSignal signal, TimeProvider clock, JournalWorkerOptions? options = null, ILogger<JournalWorkers>? logger = null)
    {
        this.dataSource = dataSource;
        this.signal = signal;
        this.clock = clock;
        this.options = options ?? new();
        this.logger = logger ?? NullLogger<JournalWorkers>.Instance;
        reservations = new(Math.Max(1, Lanes.Count / this.options.Workers), this.options.MessagesInTransaction, this.options.BytesInTransaction);
    }

    /// <summary>Works until it is told to stop; what is under way then is rolled back and stays in the journal.</summary>
    /// <param name="translate">
    /// Parses and translates; pure, called by several workers at once. If it throws, the message fails with the exception's type.
    /// </param>
    /// <param name="cancellationToken">Stops the workers.</param>
    public Task RunAsync(Func<JournalMessage, MessageOutcome> translate, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Workers).Select(number => Task.Run(() => WorkAsync(number == 0, translate, cancellationToken), CancellationToken.None)));

    // One of the workers also looks from time to time; it wakes the others if there is something.
    private async Task WorkAsync(bool polls, Func<JournalMessage, MessageOutcome> translate, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        var unasked = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            var raised = signal.Next;
            try
            {
                if (await TurnAsync(translate, cancellationToken))
                {
                    pause = FirstPause;
                    if (unasked)
                    {
                        signal.Raise();
                    }

                    unasked = false;
                    continue;
                }

                await raised.WaitAsync(polls ? options.PollingInterval : Timeout.InfiniteTimeSpan, clock, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                unasked = !raised.IsCompleted;
            }
#pragma warning disable CA1031 // A worker that ends leaves messages lying: whatever it is, it is said, and tried again.
            catch (Exception exception)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                if (DatabaseTrouble.LostStatements(exception))
                {
                    dataSource.Clear();
                }

                // Two workers at the same directory entry are nothing that an operator has to know.
                if (!DatabaseTrouble.IsConflict(exception))
                {
                    Waits(logger, DatabaseTrouble.Describe(exception), null);
                }

                await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
#pragma warning restore CA1031
        }
    }

    // False if there was nothing to do.
    private async Task<bool> TurnAsync(Func<JournalMessage, MessageOutcome> translate, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var waiting = await JournalClaim.WaitingAsync(connection, cancellationToken);
        using var reservation = reservations.Choose(waiting);
        if (reservation.Ids.Count == 0)
        {
            return false;
        }

        try
        {
            return await ProcessAsync(connection, reservation.Ids, reservation.Lanes, translate, cancellationToken);
        }
        catch (Exception exception) when (!DatabaseTrouble.Passes(exception) && exception is not OperationCanceledException)
        {
            // One of them is the reason; each alone, in order, shows which.
            foreach (var id in reservation.Ids)
            {
                await ProcessAloneAsync(id, reservation.Lanes, translate, cancellationToken);
            }

            return true;
        }
    }

    private async Task ProcessAloneAsync(long id, short[] lanes, Func<JournalMessage, MessageOutcome> translate, CancellationToken cancellationToken)
    {
        try
        {
            await OnNewConnectionAsync(id, lanes, translate, cancellationToken);
        }
        catch (Exception exception) when (!DatabaseTrouble.Passes(exception) && exception is not OperationCanceledException)
        {
            var reason = DatabaseTrouble.Describe(exception);
            Failed(logger, id, reason, null);
            await OnNewConnectionAsync(id, lanes, _ => new MessageOutcome.Fail(InternalError(reason)), cancellationToken);
        }
    }

    // A fault while a statement was being written leaves the driver wrong about what is prepared on that connection,
    // and the messages behind it would pay for it.
    private async Task OnNewConnectionAsync(long id, short[] lanes, Func<JournalMessage, MessageOutcome> translate, CancellationToken cancellationToken)
    {
        dataSource.Clear();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await ProcessAsync(connection, [id], lanes, translate, cancellationToken);
    }

    // claim -> translate -> store -> complete, in one transaction. False if other servers had all of it.
    private async Task<bool> ProcessAsync(
        NpgsqlConnection connection, IReadOnlyList<long> ids, short[] lanes, Func<JournalMessage, MessageOutcome> translate, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var messages = await JournalClaim.TakeAsync(connection, ids, lanes, cancellationToken);
        if (messages.Count == 0)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        var finished = messages.Select(message => (message.Id, Outcome: Translate(message, translate))).ToList();
        var changes = finished.SelectMany(item => item.Outcome is MessageOutcome.Store store
            ? store.Changes.Select(change => (item.Id, change))
            : []).ToList();
        await FeedWriter.ApplyAsync(connection, changes, now, options.Complete, cancellationToken);
        await JournalCompletion.RecordAsync(connection, finished, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private MessageOutcome Translate(JournalMessage message, Func<JournalMessage, MessageOutcome> translate)
    {
#pragma warning disable CA1031 // A message must not stop those behind it, whatever it does to the translation; the fault is recorded with it.
        try
        {
            return translate(message);
        }
        catch (Exception exception)
        {
            var reason = DatabaseTrouble.DescribeFault(exception);
            Failed(logger, message.Id, reason, null);
            return new MessageOutcome.Fail(InternalError(reason));
        }
#pragma warning restore CA1031
    }

    // HL7 table 0357: application internal error.
    private static JournalError InternalError(string reason) => new("message", reason, 207);
}
