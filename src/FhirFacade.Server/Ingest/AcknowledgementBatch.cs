using System.Globalization;
using System.Text;

namespace FhirFacade.Server.Ingest;

/// <summary>The batch protocol (chapter 2, batch acknowledgement): a batch of messages is answered with a batch of their answers.</summary>
internal static class AcknowledgementBatch
{
    /// <summary>Whether the bytes start with the header of a file or a batch.</summary>
    public static bool IsBatch(ReadOnlySpan<byte> bytes) => bytes.StartsWith("FHS"u8) || bytes.StartsWith("BHS"u8);

    /// <summary>
    /// One answer for all: unavailable if any is (then all should be sent again; those that were accepted are found to be repeated), rejected
    /// if all are, else accepted.
    /// </summary>
    public static Acknowledgement Of(IReadOnlyCollection<Acknowledgement> answers)
    {
        var verdict = answers.Any(a => a.Verdict == Verdict.Unavailable) ? Verdict.Unavailable
            : answers.All(a => a.Verdict == Verdict.Rejected) ? Verdict.Rejected
            : Verdict.Accepted;

        var worded = answers.Where(a => a.Bytes is not null).Select(a => a.Bytes!).ToList();
        if (worded.Count == 0)
        {
            return new(verdict, null);
        }

        using var batch = new MemoryStream();
        batch.Write("BHS|^~\\&\r"u8);
        foreach (var answer in worded)
        {
            batch.Write(answer);
        }

        batch.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"BTS|{worded.Count}\r")));
        return new(verdict, batch.ToArray());
    }
}
