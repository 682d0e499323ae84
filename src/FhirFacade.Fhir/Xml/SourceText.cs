namespace FhirFacade.Fhir.Xml;

/// <summary>A text in which places are found by line and character as an XML reader counts them.</summary>
internal sealed class SourceText(string text)
{
    private List<int>? _lines;

    public string Text => text;

    /// <summary>The offset of a line and a character in it, both from 1.</summary>
    public int Offset(int line, int character) => (_lines ??= Lines())[line - 1] + character - 1;

    /// <summary>The offset behind the tag that an offset lies in.</summary>
    public int EndOfTag(int offset)
    {
        var quote = '\0';
        for (; quote != '\0' || text[offset] != '>'; offset++)
        {
            var unit = text[offset];
            quote = quote == '\0' && unit is '"' or '\'' ? unit : unit == quote ? '\0' : quote;
        }

        return offset + 1;
    }

    // A line ends with a line feed, a carriage return, or both.
    private List<int> Lines()
    {
        var lines = new List<int> { 0 };
        for (var i = 0; (i = text.AsSpan(i).IndexOfAny('\r', '\n') is var found and >= 0 ? i + found : -1) >= 0;)
        {
            i += text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 2 : 1;
            lines.Add(i);
        }

        return lines;
    }
}
