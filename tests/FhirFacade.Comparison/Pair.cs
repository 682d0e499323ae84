namespace FhirFacade.Comparison;

/// <summary>A message and what a peer has made of it.</summary>
/// <param name="Peer">Whose it is.</param>
/// <param name="Message">Path of the message.</param>
/// <param name="Expected">Path of the peer's bundle.</param>
public sealed record Pair(string Peer, string Message, string Expected)
{
    /// <summary>Name of the one-feature case.</summary>
    public string Case => Path.GetFileNameWithoutExtension(Message);

    /// <summary>The pairs of <c>expected/pairs.csv</c> whose bundle can be read.</summary>
    /// <param name="data">Folder of the test data.</param>
    public static IReadOnlyList<Pair> All(string data) =>
        [.. File.ReadLines(Path.Combine(data, "expected", "pairs.csv")).Skip(1)
            .Select(static line => line.Split(','))
            .Where(static cells => cells.Length > 3 && cells[3] == "Bundle")
            .Select(cells => new Pair(cells[0], Path.Combine(data, "messages", cells[1]), Path.Combine(data, "expected", cells[0], cells[2])))
            .Where(static p => File.Exists(p.Message) && File.Exists(p.Expected))];
}
