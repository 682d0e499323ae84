namespace FhirFacade.Hl7v2.Structures;

/// <summary>Reads <c>structures.txt</c>.</summary>
internal sealed class StructureReader
{
    private readonly string[] _tokens;
    private int _at;

    private StructureReader(string[] tokens) => _tokens = tokens;

    /// <summary>The structures with their trigger events.</summary>
    public static IEnumerable<(MessageStructure Structure, string[] Events)> Read(TextReader text)
    {
        string[]? head = null;
        var body = new List<string>();
        while (text.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var tokens = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line[0] == ' ')
            {
                body.AddRange(tokens);
                continue;
            }

            if (head is not null)
            {
                yield return (Structure(head[0], body), head[1..]);
            }

            head = tokens;
            body.Clear();
        }

        if (head is not null)
        {
            yield return (Structure(head[0], body), head[1..]);
        }
    }

    private static MessageStructure Structure(string name, List<string> body)
    {
        var reader = new StructureReader([.. body]);
        return new MessageStructure(name, new StructureNode("", isRequired: true, repeats: false, reader.Children()));
    }

    private StructureNode[] Children()
    {
        var children = new List<StructureNode>();
        while (_at < _tokens.Length && _tokens[_at] is not ("]" or "}]" or "}" or ")"))
        {
            children.Add(Node());
        }

        return [.. children];
    }

    private StructureNode Node()
    {
        var token = _tokens[_at++];
        var isRequired = token[0] != '[';
        var repeats = token.Contains('{', StringComparison.Ordinal);
        if (token is not ("[" or "[{" or "{" or "("))
        {
            return new StructureNode(token.Trim('[', ']', '{', '}'), isRequired, repeats, null);
        }

        var name = _tokens[_at++].TrimEnd(':');
        var children = Children();
        _at++;
        return new StructureNode(name, isRequired, repeats, children);
    }
}
