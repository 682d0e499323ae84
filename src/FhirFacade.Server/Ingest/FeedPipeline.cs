using System.Diagnostics;
using FhirFacade.Hl7v2.Framing;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Server.Audit;
using FhirFacade.Storage.Audit;
using FhirFacade.Storage.Journal;

namespace FhirFacade.Server.Ingest;

/// <summary>
/// How a message becomes resources: frame, journal, acknowledge; then parse, translate, match, store, publish.
/// The listener's half ends with a durable journal row, the worker's half with the resources and the state of that row in one transaction.
/// </summary>
internal sealed class FeedPipeline(JournalWriter journal, FeedCatalog feeds, Acknowledger acknowledger, MessageEvents trail, TimeProvider clock, ILogger<FeedPipeline> log)
{
    /// <summary>Names the spans of both halves; they share a trace, whose id is the message's correlation id.</summary>
    public static readonly ActivitySource Activities = new("FhirFacade.Ingest");

    /// <summary>Frame -> journal -> acknowledge. A positive answer exists only once the journal row is on disk.</summary>
    /// <param name="frame">One message without its frame; it must not change before the answer.</param>
    /// <param name="listener">Where it came in, such as <c>mllp:2575</c>.</param>
    public Task<Acknowledgement> ReceiveAsync(ReadOnlyMemory<byte> frame, string listener) =>
        JournalAsync(Hl7Message.Parse(frame), frame, listener);

    /// <summary>The same for the messages of a batch, each on its own; the answer is a batch of theirs, in their order.</summary>
    public async Task<Acknowledgement> ReceiveBatchAsync(BatchContent batch, ReadOnlyMemory<byte> bytes, string listener)
    {
        var answers = batch.Messages.Select(part => ReceiveAsync(part.Bytes, listener)).ToList();
        if (batch.Errors.Any(e => e.Severity == Hl7Severity.Error))
        {
            // Lines that belong to no message: nothing that was sent may vanish, so all of it is kept, as failed.
            answers.Add(JournalAsync(new(null, batch.Errors), bytes, listener));
        }

        return AcknowledgementBatch.Of(await Task.WhenAll(answers));
    }

    /// <summary>
    /// Parse -> choose the feed's profile -> translate -> match. The caller stores the outcome. Ids are made from business keys, so the same patient meets the same row; whatever
    /// goes beyond that, and the outbox, join here.
    /// </summary>
    public MessageOutcome Process(JournalMessage message)
    {
        using var activity = Activities.StartActivity("process", ActivityKind.Internal, Parent(message.CorrelationId));
        using var scope = FeedLog.Message(log, message.Id, message.CorrelationId);

        var read = Hl7Message.Parse(message.Bytes);
        if (read.IsRejected)
        {
            return Failed(message, Outcomes.Of(read.Errors));
        }

        var feed = feeds.Current.Choose(message.Listener, read.Message!);
        var translation = feed.Translator.Translate(feed.Read(read.Message!), feed.Profile);
        return translation.IsFailure
            ? Failed(message, Outcomes.Of(translation.Issues) with { Feed = feed.Label })
            : Outcomes.Of(read, translation, message.ReceivedAt) with { Feed = feed.Label };
    }

    private async Task<Acknowledgement> JournalAsync(Hl7ParseResult read, ReadOnlyMemory<byte> bytes, string listener)
    {
        using var activity = Activities.StartActivity("receive", ActivityKind.Consumer, parentContext: default);
        var correlationId = (activity?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString();

        var entry = Arrival.Describe(read, bytes, listener, clock.GetUtcNow(), correlationId);
        try
        {
            var receipt = await journal.AppendAsync(entry, CancellationToken.None);
            FeedLog.Received(log, receipt.Id, entry.MessageType, receipt.IsDuplicate, entry.Error is not null, correlationId);
            await trail.AppendAsync(entry, receipt.Id);
            return acknowledger.ToJournalled(read);
        }
        catch (JournalUnavailableException error)
        {
            FeedLog.NotJournalled(log, error, correlationId);
            return acknowledger.ToUnavailable(read.Message);
        }
        catch (AuditUnavailableException error)
        {
            // It is in the journal, and is known there when it is sent again.
            FeedLog.NotTold(log, error, correlationId);
            return acknowledger.ToUnavailable(read.Message);
        }
    }

    private MessageOutcome.Fail Failed(JournalMessage message, MessageOutcome.Fail outcome)
    {
        FeedLog.Failed(log, message.MessageType, outcome.Error.Location, outcome.Error.Rule);
        return outcome;
    }

    private static ActivityContext Parent(string correlationId) => correlationId.Length == 32
        ? new(ActivityTraceId.CreateFromString(correlationId), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded)
        : default;
}
