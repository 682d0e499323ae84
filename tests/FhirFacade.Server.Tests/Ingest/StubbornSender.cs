using System.Net.Sockets;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>
/// A sender as hospitals run them: one message at a time, and the same message again, on a new connection if need be, until it is
/// accepted.
/// </summary>
internal sealed class StubbornSender(int port, string name)
{
    private readonly List<string> accepted = [];

    /// <summary>Control ids of the messages that were answered with AA.</summary>
    public IReadOnlyList<string> Accepted => accepted;

    /// <summary>How many messages were accepted so far; may be read while it runs.</summary>
    public int Count => Volatile.Read(ref count);

    private int count;

    /// <summary>Sends until it is told to stop, then finishes the message at hand.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        MllpTestClient? client = null;
        try
        {
            for (var n = 1; !stop.IsCancellationRequested; n++)
            {
                var id = $"{name}-{n}";
                var message = Messages.Admission(id, patient: $"{name}P{n % 7}", visit: $"V{id}");
                while (true)
                {
                    try
                    {
                        client ??= await MllpTestClient.ConnectAsync(port);
                        await client.SendAsync(message);
                        if ((await client.ReadTextAsync())?.Contains($"MSA|AA|{id}", StringComparison.Ordinal) == true)
                        {
                            break;
                        }
                    }
                    catch (Exception error) when (error is IOException or SocketException)
                    {
                        // Gone; it will be back.
                    }

                    if (client is not null)
                    {
                        await client.DisposeAsync();
                        client = null;
                    }

                    await Task.Delay(50, TestContext.Current.CancellationToken);
                }

                accepted.Add(id);
                Volatile.Write(ref count, n);
            }
        }
        finally
        {
            if (client is not null)
            {
                await client.DisposeAsync();
            }
        }
    }
}
