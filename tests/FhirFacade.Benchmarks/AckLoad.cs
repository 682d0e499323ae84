using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>
/// Senders that wait for each answer before the next message, one thread each. The threads block and allocate next to nothing, so
/// that what is measured is the other side.
/// </summary>
internal static class AckLoad
{
    /// <summary>What a round saw.</summary>
    /// <param name="PerSecond">Answers a second over all connections.</param>
    /// <param name="Median">Half of the answers took no longer, in microseconds.</param>
    /// <param name="P99">99 of 100 took no longer, in microseconds.</param>
    /// <param name="Answers">All answers, also those after the end of the round.</param>
    public sealed record Result(double PerSecond, double Median, double P99, int Answers);

    /// <summary>One sender's connection.</summary>
    public interface ISender : IDisposable
    {
        /// <summary>Sends the message and returns when it has been accepted.</summary>
        /// <exception cref="InvalidOperationException">It was not.</exception>
        void Send(AckSample message);
    }

    /// <summary>Sends messages for a time; every one has to be accepted.</summary>
    /// <param name="connect">Opens a connection.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="duration">How long.</param>
    public static Result Run(Func<ISender> connect, int connections, TimeSpan duration)
    {
        var latencies = new List<long>[connections];
        var late = 0;
        var failures = new List<Exception>();
        using var start = new Barrier(connections);
        var threads = Enumerable.Range(0, connections).Select(number => new Thread(() =>
        {
            try
            {
                using var sender = connect();
                latencies[number] = Connection(sender, start, duration, ref late);
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException or NpgsqlException)
            {
                start.RemoveParticipant();
                lock (failures)
                {
                    failures.Add(e);
                }
            }
        }) { Name = "sender" }).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }

        var all = latencies.SelectMany(l => l).Order().ToArray();
        return new Result(all.Length / duration.TotalSeconds, Microseconds(all[all.Length / 2]), Microseconds(all[all.Length * 99 / 100]), all.Length + late);
    }

    private static List<long> Connection(ISender sender, Barrier start, TimeSpan duration, ref int late)
    {
        var latencies = new List<long>(1 << 14);
        var message = new AckSample();
        start.SignalAndWait();
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        for (var now = Stopwatch.GetTimestamp(); now < end;)
        {
            message.Next();
            sender.Send(message);
            var after = Stopwatch.GetTimestamp();
            if (after < end)
            {
                latencies.Add(after - now);
            }
            else
            {
                Interlocked.Increment(ref late);
            }

            now = after;
        }

        return latencies;
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
