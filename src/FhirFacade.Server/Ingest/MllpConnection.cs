using System.Buffers;
using System.IO.Pipelines;
using FhirFacade.Hl7v2.Framing;
using FhirFacade.Server.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace FhirFacade.Server.Ingest;

/// <summary>
/// One MLLP connection: frames in, answers out in the same order. A sender need not wait for an answer before its next message;
/// what it sends meanwhile is journalled together, in the next turn.
/// </summary>
internal sealed class MllpConnection(
    ConnectionContext connection, FeedPipeline pipeline, Acknowledger acknowledger, MllpOptions options, string listener, ILogger log)
{
    // A longer message is answered before the next is read, so that one connection holds at most one of them.
    private const int PipelinedLength = 64 * 1024;

    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private readonly MllpReader frames = new(new MllpLimits(options.MaxMessageBytes));
    private readonly Queue<Task<Acknowledgement>> unanswered = new();

    private long lastReceived = Environment.TickCount64;
    private long messages;
    private volatile bool isStopping;
    private volatile bool isIdle;

    /// <summary>
    /// Returns when the sender has closed, has been silent for too long or has sent too much, when the journal is not available, or
    /// when the server stops; whatever had been taken is answered first.
    /// </summary>
    public async Task RunAsync()
    {
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static state => ((MllpConnection)state).EndIfIdle(), this);
        using var drain = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested
            .Register(static state => ((MllpConnection)state!).StopReading(), this);

        try
        {
            await ReadAllAsync();
        }
        finally
        {
            FeedLog.Closed(log, connection.ConnectionId, messages);
        }
    }

    private async Task ReadAllAsync()
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            if (!buffer.IsEmpty)
            {
                lastReceived = Environment.TickCount64;
            }

            while (true)
            {
                var read = frames.TryReadFrame(ref buffer, out var frame);
                if (read == MllpRead.Incomplete)
                {
                    break;
                }

                if (read == MllpRead.Garbage)
                {
                    FeedLog.Garbage(log, connection.ConnectionId, frame.Length);
                }
                else if (read == MllpRead.TooLarge)
                {
                    input.AdvanceTo(buffer.Start, buffer.End);
                    await AnswerAsync();
                    await RefuseTooLargeAsync();
                    return;
                }
                else
                {
                    await TakeAsync(frame.ToArray());
                }
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            await AnswerAsync();
            if (isIdle)
            {
                FeedLog.Idle(log, connection.ConnectionId, (int)options.IdleTimeout.TotalSeconds);
                return;
            }

            if (result.IsCompleted || isStopping)
            {
                if (frames.IsInsideFrame)
                {
                    FeedLog.CutOff(log, connection.ConnectionId);
                }

                return;
            }
        }
    }

    private async ValueTask TakeAsync(byte[] frame)
    {
        messages++;
        var answer = AcknowledgementBatch.IsBatch(frame)
            ? pipeline.ReceiveBatchAsync(BatchReader.Read(frame), frame, listener)
            : pipeline.ReceiveAsync(frame, listener);
        unanswered.Enqueue(answer);
        if (frame.Length > PipelinedLength || unanswered.Count >= options.MaxInFlight)
        {
            await AnswerAsync();
        }
    }

    // One flush for all that are ready.
    private async ValueTask AnswerAsync()
    {
        if (unanswered.Count == 0)
        {
            return;
        }

        var output = connection.Transport.Output;
        while (unanswered.TryDequeue(out var answer))
        {
            if (!answer.IsCompleted && output.UnflushedBytes > 0)
            {
                await output.FlushAsync();
            }

            Write(output, await answer);
        }

        await output.FlushAsync();
    }

    private void Write(PipeWriter output, Acknowledgement answer)
    {
        if (answer.Bytes is { } bytes)
        {
            MllpWriter.Write(output, bytes);
        }

        if (answer.Verdict == Verdict.Unavailable)
        {
            StopReading();
        }
    }

    // Closing a socket that still has unread bytes would reset it and take the answer with it: the rest is read and dropped for a while.
    private async Task RefuseTooLargeAsync()
    {
        FeedLog.TooLarge(log, connection.ConnectionId, options.MaxMessageBytes);
        Write(connection.Transport.Output, acknowledger.ToTooLarge(options.MaxMessageBytes));
        await connection.Transport.Output.FlushAsync();

        using var limit = new CancellationTokenSource(Linger);
        var input = connection.Transport.Input;
        try
        {
            while (frames.IsInsideFrame)
            {
                var result = await input.ReadAsync(limit.Token);
                var buffer = result.Buffer;
                frames.TryReadFrame(ref buffer, out _);
                input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // It has had its time.
        }
    }

    private void EndIfIdle()
    {
        if (Environment.TickCount64 - Volatile.Read(ref lastReceived) > options.IdleTimeout.TotalMilliseconds)
        {
            isIdle = true;
            connection.Transport.Input.CancelPendingRead();
        }
    }

    private void StopReading()
    {
        isStopping = true;
        connection.Transport.Input.CancelPendingRead();
    }
}
