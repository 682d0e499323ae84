using System.Collections.Immutable;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Storage.Journal;

namespace FhirFacade.Server.Ingest;

/// <summary>Describes a received message for the journal: who, what, and in which lanes it queues.</summary>
internal static class Arrival
{
    /// <param name="read">What the parser made of it.</param>
    /// <param name="bytes">The message as received.</param>
    /// <param name="listener">Where it came in; stands for the sender where the message names none.</param>
    /// <param name="receivedAt">When its last byte was there.</param>
    /// <param name="correlationId">Names the arrival in traces and logs.</param>
    public static JournalEntry Describe(Hl7ParseResult read, ReadOnlyMemory<byte> bytes, string listener, DateTimeOffset receivedAt, string correlationId)
    {
        if (read.Message is not { } message)
        {
            return new(listener, "", "", receivedAt, bytes, Lanes.For([], listener), correlationId, Error(read)) { Listener = listener };
        }

        var sender = $"{message.SendingApplication.Text}|{message.SendingFacility.Text}";
        return new(
            sender.Length > 1 ? sender : listener,
            message.ControlId,
            $"{message.MessageCode}^{message.TriggerEvent}".TrimEnd('^'),
            receivedAt,
            bytes,
            Lanes.For(PatientIdentifiers(message), sender),
            correlationId,
            read.IsRejected ? Error(read) : null) { Listener = listener };
    }

    private static JournalError Error(Hl7ParseResult read)
    {
        var error = read.Errors.First(e => e.Severity == Hl7Severity.Error);
        return new(error.Location, error.Rule, error.Code);
    }

    /// <summary>
    /// The ids by which the message names its patients: PID-2, PID-3 and PID-4 of every PID, MRG-1 and MRG-4 of every MRG. Only the id itself (CX.1):
    /// one feed writes the authority and another does not, and a lane shared by chance costs nothing but a little parallelism.
    /// </summary>
    private static IEnumerable<string> PatientIdentifiers(Hl7Message message)
    {
        foreach (var (segment, fields) in new (string, int[])[] { ("PID", [2, 3, 4]), ("MRG", [1, 4]) })
        {
            foreach (var found in message.SegmentsNamed(segment))
            {
                foreach (var field in fields)
                {
                    foreach (var repetition in found[field].Repetitions)
                    {
                        var id = repetition[1];
                        if (id.HasValue)
                        {
                            yield return id.Text.Trim();
                        }
                    }
                }
            }
        }
    }
}
