namespace FhirFacade.Attacks.Worlds;

/// <summary>A way in which Y's consents close the record to the attacker, as a line of <c>consents.txt</c>.</summary>
/// <param name="Kind">What the attacker is called whom it closes the record to.</param>
/// <param name="Consent">The Consent; null where it is that there is none.</param>
/// <param name="IsOptIn">Whether it closes anything only where nothing is open without a consent.</param>
public sealed record DenyingConsent(string Kind, string? Consent, bool IsOptIn)
{
    private const string OptIn = "opt-in ";

    /// <summary>A Consent that closes nothing.</summary>
    public static string Permitting { get; } = EmbeddedLines.Of("consents.txt").Select(Parts).Single(line => line.Kind == "permit").Consent;

    /// <summary>All of them, in the order of the file.</summary>
    public static IReadOnlyList<DenyingConsent> All { get; } =
        [.. EmbeddedLines.Of("consents.txt").Select(Parts).Where(line => line.Kind != "permit").Select(line => new DenyingConsent(line.Kind, line.Consent == "-" ? null : line.Consent, line.Kind.StartsWith(OptIn, StringComparison.Ordinal)))];

    private static (string Kind, string Consent) Parts(string line) => line.Split(" => ", 2) is [var kind, var consent] ? (kind, consent) : throw new InvalidDataException(line);
}
