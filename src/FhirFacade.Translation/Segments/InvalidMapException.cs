namespace FhirFacade.Translation.Segments;

/// <summary>A mapping table is wrong, of this build or of a feed profile; named by file and row.</summary>
internal sealed class InvalidMapException(string message) : Exception(message)
{
    /// <summary>Where the row stands that a feed profile brought; null for a row of this build.</summary>
    public RowOrigin? Origin { get; private init; }

    /// <summary>What is wrong there, without the place.</summary>
    public string Reason { get; private init; } = message;

    /// <summary>The same, with the place of the row.</summary>
    public static InvalidMapException At(IReadOnlyDictionary<string, string?> row, string table, int line, InvalidMapException reason) =>
        new($"{table} row {line}: {reason.Message}") { Origin = RowOrigin.Of(row), Reason = reason.Reason };
}
