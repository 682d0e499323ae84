using System.IO.Compression;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Packages;

/// <summary>gunzip into memory, no further than the limits allow.</summary>
internal static class Unpacking
{
    private const int AlwaysAllowed = 1 << 20;

    /// <summary>The unpacked bytes; null with an issue where they would be too many.</summary>
    /// <exception cref="InvalidDataException">The content is not gzip.</exception>
    public static MemoryStream? Unpack(Stream packed, PackageLimits limits, out Issue? refused)
    {
        refused = null;
        var result = new MemoryStream();
        using var counted = new CountingStream(packed);
        using var gzip = new GZipStream(counted, CompressionMode.Decompress);
        var buffer = new byte[64 << 10];
        for (var read = gzip.Read(buffer); read > 0; read = gzip.Read(buffer))
        {
            result.Write(buffer, 0, read);
            if (result.Length > limits.MaxBytes)
            {
                refused = Issue.Error(IssueType.TooLong, $"The package is longer than {limits.MaxBytes} bytes unpacked.");
                return null;
            }

            if (result.Length > AlwaysAllowed && result.Length / Math.Max(1, counted.Count) > limits.MaxRatio)
            {
                refused = Issue.Error(IssueType.TooCostly, $"The package unpacks to more than {limits.MaxRatio} times its length.");
                return null;
            }
        }

        result.Position = 0;
        return result;
    }

    /// <summary>Passes reads on and counts their bytes; does not close what it reads.</summary>
    private sealed class CountingStream(Stream inner) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            Count += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
