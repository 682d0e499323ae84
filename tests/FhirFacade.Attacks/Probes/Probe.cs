namespace FhirFacade.Attacks.Probes;

/// <summary>A request whose answer may not depend on what is forbidden, as a line of <c>probes.txt</c>.</summary>
/// <param name="Path">Which path to a row it takes.</param>
/// <param name="Request">Method and address, with <c>~</c> for the names of the world.</param>
public sealed record Probe(string Path, string Request)
{
    private static readonly string[] methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    public HttpMethod Method { get; private init; } = HttpMethod.Get;

    public string Address { get; private init; } = "";

    public IReadOnlyList<(string Name, string Value)> Headers { get; private init; } = [];

    public string? Body { get; private init; }

    /// <summary>The answer changes by being asked for, or with what others do: it is looked through for canaries alone.</summary>
    public bool IsUnsteady { get; private init; }

    /// <summary>What those see of it who see all of X; null: not said.</summary>
    public string? Expected { get; private init; }

    public string Name => $"{Path}: {Request}";

    /// <summary>All of them, in the order of the file.</summary>
    public static IReadOnlyList<Probe> All { get; } = [.. Read()];

    private static IEnumerable<Probe> Read()
    {
        var path = "";
        foreach (var line in EmbeddedLines.Of("probes.txt"))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                path = line[3..];
            }
            else if (line[0] != '#')
            {
                yield return Of(path, line);
            }
        }
    }

    private static Probe Of(string path, string line)
    {
        var unsteady = line[0] == '!';
        var (rest, expected) = Cut(unsteady ? line[1..] : line, " => ");
        (rest, var body) = Cut(rest, " << ");
        var parts = rest.Split(" @");
        var first = parts[0].Split(' ', 2);
        var hasMethod = methods.Contains(first[0]);
        return new Probe(path, rest + (body is null ? "" : " " + body))
        {
            Method = hasMethod ? HttpMethod.Parse(first[0]) : HttpMethod.Get,
            Address = hasMethod ? first[1].TrimStart('/') : parts[0],
            Headers = [.. parts.Skip(1).Select(header => (header.Split(": ", 2)[0], header.Split(": ", 2)[1]))],
            Body = body,
            IsUnsteady = unsteady,
            Expected = expected == "-" ? "" : expected,
        };
    }

    private static (string Before, string? After) Cut(string text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + mark.Length)..]);
    }
}
