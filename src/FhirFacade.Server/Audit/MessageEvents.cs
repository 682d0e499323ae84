using System.Globalization;
using FhirFacade.Storage.Audit;
using FhirFacade.Storage.Journal;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace FhirFacade.Server.Audit;

/// <summary>Tells the trail of each message that came in: from whom, its control id, its row in the journal, and whether it was refused. Of its content, nothing.</summary>
internal sealed class MessageEvents(AuditWriter trail, TimeProvider clock, bool isKept)
{
    private const int Longest = 64;

    /// <summary>Completes when the event is safe; the message may be acknowledged then.</summary>
    /// <exception cref="AuditUnavailableException">It is not known to be.</exception>
    public async Task AppendAsync(JournalEntry entry, long row)
    {
        if (!isKept)
        {
            return;
        }
        var record = new AuditRecord(
            AuditRecord.Microseconds(clock.GetUtcNow()), "C", AuditKinds.Message, entry.Error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            "", Plain(entry.Sender), "", "", entry.CorrelationId,
            string.Create(CultureInfo.InvariantCulture, $"{entry.Listener}/journal/{row}/{Plain(entry.ControlId)}"), [], []);
        try
        {
            await trail.AppendAsync(record);
        }
        catch (NpgsqlException lost)
        {
            throw new AuditUnavailableException("the event of a message is not known to be in the database", lost);
        }
    }

    // What a sender calls itself and its messages; anything that is no such name is not repeated.
    private static string Plain(string text) => text.Length <= Longest && text.All(c => char.IsAsciiLetterOrDigit(c) || "|-_.: ^&/".Contains(c, StringComparison.Ordinal)) ? text : "*";
}
