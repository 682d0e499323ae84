namespace FhirFacade.Fhir.Ucum;

/// <summary>A unit that has been parsed. Immutable.</summary>
public sealed class UcumUnit
{
    internal UcumUnit(string code, Measure measure) => (Code, Measure) = (code, measure);

    /// <summary>The code as it was written, annotations included.</summary>
    public string Code { get; }

    /// <summary>
    /// The product of base and arbitrary units that it is measured in, in ordinal order, such as <c>g.m-1.s-2</c>; <c>1</c> for plain
    /// numbers; null where a unit on a scale of its own (Cel, [pH], B) is multiplied by another, which UCUM gives no meaning.
    /// </summary>
    public string? CanonicalUnit => Measure.IsMixed ? null : Measure.Dimension.Text;

    /// <summary>Whether numbers beside it are on a scale of their own (Cel, [pH], B), so that twice the number is not twice as much.</summary>
    public bool IsSpecial => Measure.Scale is not null || Measure.IsMixed;

    internal Measure Measure { get; }

    /// <inheritdoc/>
    public override string ToString() => Code;
}
