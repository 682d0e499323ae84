using System.Collections.Immutable;
using FhirFacade.Hl7v2.Framing;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.CommandLine;

/// <summary>A message in a file.</summary>
/// <param name="Place">File name and number, for reports.</param>
/// <param name="Bytes">The message, as it is to be sent.</param>
/// <param name="Patient">What keeps one patient's messages in order: the raw PID-3, or nothing.</param>
internal sealed record FeedMessage(string Place, ReadOnlyMemory<byte> Bytes, string Patient);

/// <summary>Reads files of HL7 v2 messages in the order in which they are to be sent.</summary>
internal static class FeedFiles
{
    /// <param name="paths">Files, or directories whose <c>*.hl7</c> files are taken in the order of their names.</param>
    /// <param name="verbatim">Leaves line feeds as they are; else each line end becomes the carriage return that HL7 demands.</param>
    /// <exception cref="StartupException">There is no such file, or it holds no message.</exception>
    public static ImmutableArray<FeedMessage> Read(IEnumerable<string> paths, bool verbatim)
    {
        var messages = ImmutableArray.CreateBuilder<FeedMessage>();
        foreach (var path in paths.SelectMany(Files))
        {
            var content = BatchReader.Read(File.ReadAllBytes(path));
            if (content.Messages.IsEmpty)
            {
                throw new StartupException($"{path} holds no HL7 v2 message");
            }

            foreach (var part in content.Messages)
            {
                var bytes = verbatim ? part.Bytes : WithCarriageReturns(part.Bytes.Span);
                var patient = Hl7Message.Parse(bytes).Message?.Get("PID-3.1").Text ?? "";
                messages.Add(new(FormattableString.Invariant($"{Path.GetFileName(path)} message {part.Number}"), bytes, patient));
            }
        }

        return messages.ToImmutable();
    }

    private static IEnumerable<string> Files(string path) =>
        Directory.Exists(path) ? Directory.GetFiles(path, "*.hl7").Order(StringComparer.Ordinal)
        : File.Exists(path) ? [path]
        : throw new StartupException($"there is no file {path}");

    private static byte[] WithCarriageReturns(ReadOnlySpan<byte> message)
    {
        var result = new List<byte>(message.Length + 1);
        for (var i = 0; i < message.Length; i++)
        {
            if (message[i] != '\n')
            {
                result.Add(message[i]);
            }
            else if (i == 0 || message[i - 1] != '\r')
            {
                result.Add((byte)'\r');
            }
        }

        if (result is not [.., (byte)'\r'])
        {
            result.Add((byte)'\r');
        }

        return [.. result];
    }
}
