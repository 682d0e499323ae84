using System.Buffers;

namespace FhirFacade.Server.Rest;

/// <summary>Bytes that come in parts, in one array that goes back to where it was rented.</summary>
internal sealed class RentedBytes(int capacity) : IDisposable
{
    private byte[]? array = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>Those that there are; nobody may use it once this is disposed.</summary>
    public ReadOnlyMemory<byte> Memory => array.AsMemory(0, Length);

    /// <summary>Adds a part.</summary>
    public void Add(ReadOnlySpan<byte> part)
    {
        ObjectDisposedException.ThrowIf(array is null, this);
        if (array.Length - Length < part.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(array.Length * 2, Length + part.Length));
            Memory.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(array);
            array = larger;
        }
        part.CopyTo(array.AsSpan(Length));
        Length += part.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (array is { } rented)
        {
            array = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
