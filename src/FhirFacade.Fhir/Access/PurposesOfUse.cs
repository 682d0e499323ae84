namespace FhirFacade.Fhir.Access;

/// <summary>
/// What data may be used for: codes of http://terminology.hl7.org/CodeSystem/v3-ActReason (<c>TREAT</c>, <c>HRESCH</c> ...). The default is
/// any purpose; a list of none is no purpose at all. Equal where the codes are.
/// </summary>
public readonly record struct PurposesOfUse
{
    private readonly string? codes;

    private PurposesOfUse(string codes) => this.codes = codes;

    /// <summary>Every purpose.</summary>
    public static PurposesOfUse Any => default;

    /// <summary>Whether no purpose is left.</summary>
    public bool IsNone => codes is "";

    /// <summary>The one purpose that is left; null where there are several, any or none.</summary>
    public string? Only => codes is { Length: > 0 } && !codes.Contains(' ', StringComparison.Ordinal) ? codes : null;

    /// <summary>The codes, in order; null for any purpose.</summary>
    public IReadOnlyList<string>? Codes => codes is null ? null : codes.Length == 0 ? [] : Words.Split(codes);

    /// <summary>Just these codes; none means none.</summary>
    public static PurposesOfUse Of(params IEnumerable<string> codes) => new(Words.Join(codes) ?? "");

    /// <summary>Whether data may be used for the purpose.</summary>
    public bool Allow(string code) => codes is null || Words.Split(codes).Contains(code);

    /// <summary>Whether all that the other allows is allowed here too.</summary>
    public bool Cover(PurposesOfUse other) => codes is null || (other.codes is not null && (other.IsNone || Words.Split(other.codes).All(Allow)));

    /// <summary>What both allow.</summary>
    public PurposesOfUse Intersect(PurposesOfUse other) =>
        codes is null ? other : other.codes is null ? this : Of(Words.Split(codes).Where(other.Allow));

    /// <inheritdoc/>
    public override string ToString() => codes ?? "*";
}
