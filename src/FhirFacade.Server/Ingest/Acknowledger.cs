using System.Globalization;
using FhirFacade.Hl7v2.Acks;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Server.Ingest;

/// <summary>Words the answers to messages.</summary>
/// <remarks>
/// A message gets at most one answer. In enhanced mode that is the commit acknowledgement if MSH-15 asks for it, else the application
/// acknowledgement if MSH-16 does: both would speak of the same durable commit, and a sender that reads one answer a message
/// would lose count.
/// </remarks>
internal sealed class Acknowledger(TimeProvider clock)
{
    private static readonly Hl7Error JournalDown = new(
        Table0357.ApplicationInternalError, Hl7Severity.Error, "message", "The message could not be stored; send it again later.");

    // MSH-10 of the answers: 16 characters, ascending, unique also across restarts.
    private long lastControlId = clock.GetUtcNow().Ticks;

    /// <summary>The answer to a message that is in the journal.</summary>
    public Acknowledgement ToJournalled(Hl7ParseResult read) => read.IsRejected
        ? new(Verdict.Rejected, Build(read.Message, Verdict.Rejected, read.Errors))
        : new(Verdict.Accepted, Build(read.Message, Verdict.Accepted, []));

    /// <summary>The answer to a message that could not be put into the journal.</summary>
    public Acknowledgement ToUnavailable(Hl7Message? message) =>
        new(Verdict.Unavailable, Build(message, Verdict.Unavailable, [JournalDown]));

    /// <summary>The answer to a message that was not read to its end because it is longer than allowed.</summary>
    public Acknowledgement ToTooLarge(int limit) => new(
        Verdict.Rejected,
        Build(null, Verdict.Rejected, [new(Table0357.ValueTooLong, Hl7Severity.Error, "message", $"A message has at most {limit.ToString(CultureInfo.InvariantCulture)} bytes.")]));

    private byte[]? Build(Hl7Message? message, Verdict verdict, IReadOnlyCollection<Hl7Error> errors)
    {
        var mode = AckMode.Of(message);
        var success = verdict == Verdict.Accepted;
        if (mode.WantsAccept(success))
        {
            return Build(message, verdict switch { Verdict.Accepted => AckCode.CA, Verdict.Rejected => AckCode.CE, _ => AckCode.CR }, errors);
        }

        return mode.WantsApplication(success)
            ? Build(message, verdict switch { Verdict.Accepted => AckCode.AA, Verdict.Rejected when message is not null => AckCode.AE, _ => AckCode.AR }, errors)
            : null;
    }

    private byte[] Build(Hl7Message? message, AckCode code, IReadOnlyCollection<Hl7Error> errors) => AckBuilder.Build(
        message, code, errors, clock.GetLocalNow(), Interlocked.Increment(ref lastControlId).ToString("X16", CultureInfo.InvariantCulture));
}
