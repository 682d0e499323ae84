namespace FhirFacade.Fhir.Ucum;

/// <summary>A row of units.csv.</summary>
internal sealed class UcumAtom
{
    private readonly Lazy<Measure> _measure;

    public UcumAtom(string[] columns)
    {
        Code = columns[0];
        IsMetric = columns[1].Contains('M', StringComparison.Ordinal);
        var isBase = columns[1].Contains('B', StringComparison.Ordinal)
            || (columns[1].Contains('A', StringComparison.Ordinal) && columns[4] == "1");
        _measure = new(() => isBase ? new(Rational.One, Dimension.Of(Code)) : Define(columns[2], columns[3], columns[4]));
    }

    /// <summary>Its code, where case matters.</summary>
    public string Code { get; }

    /// <summary>Whether it takes prefixes.</summary>
    public bool IsMetric { get; }

    /// <summary>What it stands for. Arbitrary units measure what nothing else does, unless one is defined by another.</summary>
    public Measure Measure => _measure.Value;

    private static Measure Define(string function, string value, string unit)
    {
        var definition = UcumParser.Parse(unit).Unit?.Measure ?? throw new InvalidDataException("A definition in units.csv is no unit.");
        return new(definition.Factor * Rational.Parse(value), definition.Dimension) { Scale = function.Length == 0 ? null : SpecialScale.Named(function) };
    }
}
