using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Server.CommandLine;

/// <summary>Sends messages over several MLLP connections; those about one patient go over the same one and stay in order.</summary>
/// <param name="Host">Name or address of the server.</param>
/// <param name="Port">Its MLLP port.</param>
/// <param name="Connections">How many connections.</param>
/// <param name="Rate">At most so many messages a second, all connections together; 0 for no limit.</param>
/// <param name="Repeat">How often all of it is sent. From the second time on MSH-10 gets a suffix, so that they are new messages.</param>
internal sealed record Sending(string Host, int Port, int Connections = 1, double Rate = 0, int Repeat = 1)
{
    /// <summary>Sends everything and waits for every answer.</summary>
    /// <param name="messages">In the order in which they are to be sent.</param>
    /// <param name="progress">Called after each answer, from several threads.</param>
    /// <param name="cancellationToken">Stops sending.</param>
    public async Task<SendReport> RunAsync(ImmutableArray<FeedMessage> messages, Action progress, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var queues = Enumerable.Range(0, Repeat)
            .SelectMany(round => messages.Select(message => (Round: round, Message: message)))
            .Select((item, index) => (item.Round, item.Message, Index: index))
            .GroupBy(item => (uint)StringComparer.Ordinal.GetHashCode(item.Message.Patient) % Connections);
        var reports = await Task.WhenAll(queues.Select(queue => SendQueueAsync(queue, watch, progress, cancellationToken)));
        return new(
            reports.Sum(r => r.Accepted),
            reports.Sum(r => r.Unanswered),
            [.. reports.SelectMany(r => r.Refused)],
            watch.Elapsed);
    }

    private async Task<SendReport> SendQueueAsync(
        IEnumerable<(int Round, FeedMessage Message, int Index)> queue, Stopwatch watch, Action progress, CancellationToken cancellationToken)
    {
        using var sender = await MllpSender.ConnectAsync(Host, Port, cancellationToken);
        var (accepted, unanswered) = (0, 0);
        var refused = ImmutableArray.CreateBuilder<string>();
        foreach (var (round, message, index) in queue)
        {
            if (Rate > 0 && TimeSpan.FromSeconds(index / Rate) - watch.Elapsed is { Ticks: > 0 } early)
            {
                await Task.Delay(early, cancellationToken);
            }

            var answer = await sender.SendAsync(round == 0 ? message.Bytes : WithSuffix(message.Bytes, round + 1), cancellationToken);
            if (answer is null)
            {
                unanswered++;
            }
            else if (answer.Get("MSA-1").Text is "AA" or "CA")
            {
                accepted++;
            }
            else
            {
                refused.Add($"{message.Place}: {Reason(answer)}");
            }

            progress();
        }

        return new(accepted, unanswered, refused.ToImmutable(), watch.Elapsed);
    }

    // ERR-2 (place) and ERR-7 or MSA-3 (words), whatever the version of the answer has.
    private static string Reason(Hl7Message answer)
    {
        var words = new[] { "MSA-1", "ERR-2", "ERR-3", "ERR-7", "ERR-1", "MSA-3" }.Select(c => answer.Get(c).Text).Where(t => t.Length > 0);
        return string.Join(' ', words).ReplaceLineEndings(" ");
    }

    // MSH-10 ends at the tenth field separator of the header; a header without one is sent as it is.
    private static byte[] WithSuffix(ReadOnlyMemory<byte> message, int round)
    {
        var bytes = message.Span;
        var separators = 0;
        for (var i = 3; i < bytes.Length && bytes[i] != '\r'; i++)
        {
            if (bytes[i] == bytes[3] && ++separators == 10)
            {
                return [.. bytes[..i], .. Encoding.ASCII.GetBytes(FormattableString.Invariant($"-{round}")), .. bytes[i..]];
            }
        }

        return message.ToArray();
    }
}

/// <summary>What came of sending.</summary>
/// <param name="Accepted">Messages with a positive answer.</param>
/// <param name="Unanswered">Messages that asked for no answer and got none.</param>
/// <param name="Refused">One line for each of the others: its place and what the server said.</param>
/// <param name="Elapsed">From the first connection to the last answer.</param>
internal sealed record SendReport(int Accepted, int Unanswered, ImmutableArray<string> Refused, TimeSpan Elapsed)
{
    /// <summary>How many messages were sent.</summary>
    public int Sent => Accepted + Unanswered + Refused.Length;

    /// <summary>The report in one line.</summary>
    public override string ToString()
    {
        var silent = Unanswered > 0 ? FormattableString.Invariant($" {Unanswered} asked for no answer,") : "";
        return FormattableString.Invariant($"{Sent} sent, {Accepted} accepted,{silent} {Refused.Length} refused in {Elapsed.TotalSeconds:0.0} s ({Sent / Elapsed.TotalSeconds:0}/s)");
    }
}
