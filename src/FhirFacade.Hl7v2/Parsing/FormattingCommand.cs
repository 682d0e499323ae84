using System.Buffers;
using System.Buffers.Text;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>
/// The formatting commands of formatted text (chapter 2, FT), as plain text: <c>.br</c>, <c>.ce</c> and <c>.sp</c> are line feeds,
/// <c>.sk</c> is spaces; what plain text cannot show (indents, fill mode) is dropped.
/// </summary>
internal static class FormattingCommand
{
    // Lines or spaces that one command may ask for.
    private const int SkipLimit = 200;

    /// <summary>Writes what a command stands for.</summary>
    /// <param name="command">Between the point and the closing escape character.</param>
    /// <param name="output">Receives bytes.</param>
    /// <returns>False if there is no such command.</returns>
    public static bool TryWrite(ReadOnlySpan<byte> command, ArrayBufferWriter<byte> output)
    {
        if (command.Length < 2)
        {
            return false;
        }

        var argument = command[2..].Trim((byte)' ');
        switch (char.ToLowerInvariant((char)command[0]), char.ToLowerInvariant((char)command[1]))
        {
            case ('b', 'r') or ('c', 'e') when argument.IsEmpty:
                return Fill((byte)'\n', 1, output);
            case ('s', 'p') when TryCount(argument, out var lines):
                return Fill((byte)'\n', lines, output);
            case ('s', 'k') when TryCount(argument, out var spaces):
                return Fill((byte)' ', spaces, output);
            case ('f', 'i') or ('n', 'f') when argument.IsEmpty:
            case ('i', 'n') or ('t', 'i') when argument.IsEmpty || TryNumber(argument, out _):
                return true;
            default:
                return false;
        }
    }

    private static bool Fill(byte value, int count, ArrayBufferWriter<byte> output)
    {
        output.GetSpan(count)[..count].Fill(value);
        output.Advance(count);
        return true;
    }

    private static bool TryCount(ReadOnlySpan<byte> argument, out int count)
    {
        if (argument.IsEmpty)
        {
            count = 1;
            return true;
        }

        var isCount = TryNumber(argument, out count) && count >= 0;
        count = Math.Min(count, SkipLimit);
        return isCount;
    }

    private static bool TryNumber(ReadOnlySpan<byte> argument, out int number) =>
        Utf8Parser.TryParse(argument, out number, out var used) && used == argument.Length;
}
