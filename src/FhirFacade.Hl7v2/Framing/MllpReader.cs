using System.Buffers;

namespace FhirFacade.Hl7v2.Framing;

/// <summary>
/// Cuts the bytes of one connection into messages: <c>VT message FS CR</c>. Holds how far it has looked, so that bytes that arrive in
/// many small pieces are looked at once; one instance serves one connection, one reader at a time.
/// <para>
/// The frame ends at FS: the CR behind it may come late, be a line feed, or be missing. A VT inside a frame that is followed by the name of a
/// header segment is the start of a new message whose predecessor was cut off; any other VT is text.
/// </para>
/// </summary>
public sealed class MllpReader(MllpLimits limits)
{
    // How many bytes of the buffer, which starts with VT, hold no FS.
    private long _searched;
    private bool _isSkipping;

    /// <summary>With <see cref="MllpLimits.Default"/>.</summary>
    public MllpReader()
        : this(MllpLimits.Default)
    {
    }

    /// <summary>True if the bytes read so far end inside a frame: a connection that closes now has lost a message.</summary>
    public bool IsInsideFrame { get; private set; }

    /// <summary>
    /// Takes one thing off the front of the buffer. Call it until it says <see cref="MllpRead.Incomplete"/>; what it then leaves in
    /// the buffer must be at the front of the next one.
    /// </summary>
    /// <param name="buffer">The bytes received and not yet taken; moved past what was taken.</param>
    /// <param name="frame">The message, or the bytes skipped (do not log them); empty otherwise.</param>
    public MllpRead TryReadFrame(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (_isSkipping && !SkipRest(ref buffer))
        {
            return MllpRead.Incomplete;
        }

        if (!IsInsideFrame && TrySkipToStart(ref buffer, out frame))
        {
            return MllpRead.Garbage;
        }

        if (buffer.IsEmpty)
        {
            return MllpRead.Incomplete;
        }

        IsInsideFrame = true;
        var unsearched = buffer.Slice(_searched);
        if (unsearched.PositionOf(MllpBytes.EndBlock) is not { } end)
        {
            _searched = buffer.Length;
            return _searched - 1 > limits.MaxMessageBytes ? TooLarge(ref buffer, buffer.End) : MllpRead.Incomplete;
        }

        var content = buffer.Slice(buffer.GetPosition(1), end);
        if (content.Length > limits.MaxMessageBytes)
        {
            return TooLarge(ref buffer, end);
        }

        _searched = 0;
        if (TryFindRestart(content, out var restart))
        {
            // The buffer now starts with the VT of the later message.
            frame = content.Slice(0, restart);
            buffer = buffer.Slice(restart);
            return MllpRead.Garbage;
        }

        frame = content;
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        IsInsideFrame = false;
        return MllpRead.Frame;
    }

    private MllpRead TooLarge(ref ReadOnlySequence<byte> buffer, SequencePosition end)
    {
        buffer = buffer.Slice(end);
        _searched = 0;
        _isSkipping = true;
        return MllpRead.TooLarge;
    }

    // The rest of a frame that is too large. True if its end was found.
    private bool SkipRest(ref ReadOnlySequence<byte> buffer)
    {
        if (buffer.PositionOf(MllpBytes.EndBlock) is not { } end)
        {
            buffer = buffer.Slice(buffer.End);
            return false;
        }

        buffer = buffer.Slice(buffer.GetPosition(1, end));
        _isSkipping = false;
        IsInsideFrame = false;
        return true;
    }

    // Line breaks between frames are what some senders put behind FS. True if there was anything else.
    private static bool TrySkipToStart(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> skipped)
    {
        var start = buffer.PositionOf(MllpBytes.StartBlock) ?? buffer.End;
        skipped = buffer.Slice(0, start);
        buffer = buffer.Slice(start);
        foreach (var memory in skipped)
        {
            if (memory.Span.ContainsAnyExcept(MllpBytes.CarriageReturn, MllpBytes.LineFeed))
            {
                return true;
            }
        }

        skipped = default;
        return false;
    }

    private static bool TryFindRestart(ReadOnlySequence<byte> content, out SequencePosition restart)
    {
        restart = default;
        var found = false;
        var rest = content;
        Span<byte> name = stackalloc byte[3];
        while (rest.PositionOf(MllpBytes.StartBlock) is { } position)
        {
            rest = rest.Slice(rest.GetPosition(1, position));
            if (rest.Length < 3)
            {
                break;
            }

            rest.Slice(0, 3).CopyTo(name);
            if (name.SequenceEqual("MSH"u8) || name.SequenceEqual("FHS"u8) || name.SequenceEqual("BHS"u8))
            {
                restart = position;
                found = true;
            }
        }

        return found;
    }
}
