using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace FhirFacade.Benchmarks;

/// <summary>
/// Keeps a server busy over a fixed number of HTTP/1.1 connections, each with one request under way. The threads block and allocate
/// nothing, so that what is measured is the server.
/// </summary>
internal static class HttpLoad
{
    /// <summary>What a round saw.</summary>
    /// <param name="PerSecond">Answers a second over all connections.</param>
    /// <param name="Median">Half of the answers took no longer, in microseconds.</param>
    /// <param name="P99">99 of 100 took no longer, in microseconds.</param>
    /// <param name="Answers">How many answers there were.</param>
    /// <param name="Load">The processor time that asking for them took, in microseconds.</param>
    public sealed record Result(double PerSecond, double Median, double P99, int Answers, double Load);

    /// <summary>Sends the requests round and round for a time; every answer has to be a 200.</summary>
    /// <param name="port">On 127.0.0.1.</param>
    /// <param name="requests">Complete requests.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="duration">How long.</param>
    public static Result Run(int port, byte[][] requests, int connections, TimeSpan duration)
    {
        var latencies = new List<long>[connections];
        var threads = new Thread[connections];
        var failures = new List<Exception>();
        var load = 0.0;
        using var start = new Barrier(connections);
        for (var i = 0; i < connections; i++)
        {
            var number = i;
            latencies[number] = new List<long>(1 << 16);
            threads[number] = new Thread(() =>
            {
                try
                {
                    Connection(port, requests, number * (requests.Length / connections), start, duration, latencies[number]);
                    var own = ProcessorTime.OfThisThread();
                    lock (failures)
                    {
                        load += own;
                    }
                }
                catch (Exception e) when (e is SocketException or InvalidOperationException)
                {
                    lock (failures)
                    {
                        failures.Add(e);
                    }
                }
            });
            threads[number].Start();
        }
        Array.ForEach(threads, t => t.Join());
        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
        var all = latencies.SelectMany(l => l).Order().ToArray();
        return new Result(all.Length / duration.TotalSeconds, Microseconds(all[all.Length / 2]), Microseconds(all[all.Length * 99 / 100]), all.Length, load);
    }

    private static void Connection(int port, byte[][] requests, int next, Barrier start, TimeSpan duration, List<long> latencies)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect("127.0.0.1", port);
        var buffer = new byte[1 << 17];
        start.SignalAndWait();
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        for (var now = Stopwatch.GetTimestamp(); now < end; next++)
        {
            socket.Send(requests[next % requests.Length]);
            ReadAnswer(socket, buffer);
            var after = Stopwatch.GetTimestamp();
            latencies.Add(after - now);
            now = after;
        }
    }

    private static void ReadAnswer(Socket socket, byte[] buffer)
    {
        var length = 0;
        var total = int.MaxValue;
        while (length < total)
        {
            var read = socket.Receive(buffer, length, buffer.Length - length, SocketFlags.None);
            if (read == 0)
            {
                throw new InvalidOperationException("the server closed the connection");
            }
            length += read;
            if (total == int.MaxValue && buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var head)
            {
                total = head + 4 + ContentLength(buffer.AsSpan(0, head));
            }
        }
        if (!buffer.AsSpan().StartsWith("HTTP/1.1 200"u8))
        {
            throw new InvalidOperationException(Encoding.ASCII.GetString(buffer, 0, length));
        }
    }

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var field = "Content-Length: "u8;
        var at = head.IndexOf(field);
        var value = 0;
        foreach (var digit in at < 0 ? throw new InvalidOperationException("an answer without Content-Length") : head[(at + field.Length)..])
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                break;
            }
            value = value * 10 + digit - '0';
        }
        return value;
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
