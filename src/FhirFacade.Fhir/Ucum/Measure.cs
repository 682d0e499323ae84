namespace FhirFacade.Fhir.Ucum;

/// <summary>What a unit, or a part of one, stands for.</summary>
/// <param name="Factor">How many canonical units it is; on a scale of its own, how many its ratio 1 is.</param>
/// <param name="Dimension">What it measures.</param>
internal sealed record Measure(Rational Factor, Dimension Dimension)
{
    private const long MaxBits = 16384;

    /// <summary>One.</summary>
    public static Measure Unity { get; } = new(Rational.One, Dimension.None);

    /// <summary>The scale that numbers beside the unit are on; null for the ordinary one.</summary>
    public SpecialScale? Scale { get; init; }

    /// <summary>What a number is multiplied by before it enters the scale: a prefix, or a number in the unit.</summary>
    public Rational Step { get; init; } = Rational.One;

    /// <summary>Whether a unit on a scale of its own was multiplied or divided by another unit, which has no meaning (UCUM, special units).</summary>
    public bool IsMixed { get; init; }

    /// <summary>This times a power of another; null where the factor grows longer than is computed.</summary>
    public Measure? Times(Measure other, int power)
    {
        if (Scale is null && other.Scale is null && !IsMixed && !other.IsMixed)
        {
            return Power(other.Factor, power) is { } factor && Factor * factor is { Bits: <= MaxBits } product
                ? new(product, Dimension.Times(other.Dimension, power))
                : null;
        }

        if (other.Scale is not null && power == 1 && IsNumber)
        {
            return other with { Step = other.Step * Factor };
        }

        return Scale is not null && other.IsNumber
            ? Power(other.Factor, power) is { } step ? this with { Step = Step * step } : null
            : new(Rational.One, Dimension.None) { IsMixed = true };
    }

    /// <summary>A number of this unit in canonical units; null where there is none.</summary>
    public Rational? ToCanonical(Rational value) =>
        IsMixed ? null
        : Scale is null ? value * Factor
        : Scale.ToRatio(value * Step) is { } ratio ? ratio * Factor : null;

    /// <summary>A number of canonical units in this one; null where there is none.</summary>
    public Rational? FromCanonical(Rational value) =>
        IsMixed ? null
        : Scale is null ? value / Factor
        : Scale.FromRatio(value / Factor) is { } number ? number / Step : null;

    /// <summary>The factor where a decimal holds it exactly; null otherwise, and on a scale of its own.</summary>
    public decimal? ExactFactor { get; } = Factor.TryToDecimal(out var exact) && Rational.From(exact).Equals(Factor) ? exact : null;

    private bool IsNumber => Scale is null && !IsMixed && Dimension.IsNone;

    private static Rational? Power(Rational factor, int power) =>
        power == 1 ? factor : factor.Bits * Math.Abs((long)power) <= MaxBits ? factor.Power(power) : null;
}
