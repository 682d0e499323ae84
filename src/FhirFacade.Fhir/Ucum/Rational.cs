using System.Globalization;
using System.Numerics;

namespace FhirFacade.Fhir.Ucum;

/// <summary>An exact fraction in lowest terms. The default value is not one: use <see cref="Zero"/>.</summary>
internal readonly struct Rational : IEquatable<Rational>, IComparable<Rational>
{
    private const int DecimalDigits = 28;

    private readonly BigInteger _numerator;
    private readonly BigInteger _denominator;

    private Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.Sign < 0)
        {
            (numerator, denominator) = (-numerator, -denominator);
        }

        var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        (_numerator, _denominator) = common.IsOne ? (numerator, denominator) : (numerator / common, denominator / common);
    }

    public static Rational Zero { get; } = new(0, 1);

    public static Rational One { get; } = new(1, 1);

    public bool IsOne => _numerator.IsOne && _denominator.IsOne;

    public int Sign => _numerator.Sign;

    /// <summary>How many bits the longer of both parts takes.</summary>
    public long Bits => Math.Max(_numerator.GetBitLength(), _denominator.GetBitLength());

    public static Rational operator *(Rational left, Rational right) => new(left._numerator * right._numerator, left._denominator * right._denominator);

    /// <exception cref="DivideByZeroException">The right side is zero.</exception>
    public static Rational operator /(Rational left, Rational right) =>
        right.Sign == 0 ? throw new DivideByZeroException() : new(left._numerator * right._denominator, left._denominator * right._numerator);

    public static Rational operator +(Rational left, Rational right) =>
        new((left._numerator * right._denominator) + (right._numerator * left._denominator), left._denominator * right._denominator);

    public static Rational operator -(Rational left, Rational right) => left + new Rational(-right._numerator, right._denominator);

    /// <summary>Digits, perhaps with a point and a decimal exponent: <c>1e-3</c>, <c>6.0221367</c>.</summary>
    public static Rational Parse(ReadOnlySpan<char> text)
    {
        var exponent = 0;
        var e = text.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            exponent = int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }

        var point = text.IndexOf('.');
        var digits = point < 0 ? text.ToString() : string.Concat(text[..point], text[(point + 1)..]);
        exponent -= point < 0 ? 0 : text.Length - point - 1;
        var value = BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return exponent >= 0 ? new(value * BigInteger.Pow(10, exponent), 1) : new(value, BigInteger.Pow(10, -exponent));
    }

    public static Rational From(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var digits = (((BigInteger)(uint)parts[2] << 64) | ((BigInteger)(uint)parts[1] << 32)) | (uint)parts[0];
        return new(parts[3] < 0 ? -digits : digits, BigInteger.Pow(10, (parts[3] >> 16) & 0xff));
    }

    /// <summary>A double to the 15 digits that it is sure of; null where it is no number.</summary>
    public static Rational? From(double value) => double.IsFinite(value) ? Parse(value.ToString("E14", CultureInfo.InvariantCulture)) : null;

    public Rational Power(int exponent) =>
        exponent >= 0
            ? new(BigInteger.Pow(_numerator, exponent), BigInteger.Pow(_denominator, exponent))
            : new(BigInteger.Pow(_denominator, -exponent), BigInteger.Pow(_numerator, -exponent));

    /// <summary>The whole number that this is; null where it is none or a large one.</summary>
    public int? ToInteger() => _denominator.IsOne && BigInteger.Abs(_numerator) < 1_000_000 ? (int)_numerator : null;

    /// <summary>
    /// Rounded (half to even) to 28 significant digits and at most 28 decimal places; false where the whole part is longer, or where
    /// nothing but zeros would be left of a value that is not zero.
    /// </summary>
    public bool TryToDecimal(out decimal value)
    {
        value = 0;
        if (Sign == 0)
        {
            return true;
        }

        var magnitude = BigInteger.Abs(_numerator);
        var whole = magnitude / _denominator;
        var wholeDigits = whole.IsZero ? 0 : whole.ToString(CultureInfo.InvariantCulture).Length;
        if (wholeDigits > DecimalDigits)
        {
            return false;
        }

        var scale = DecimalDigits - wholeDigits;
        var digits = BigInteger.DivRem(magnitude * BigInteger.Pow(10, scale), _denominator, out var rest);
        var half = (rest * 2).CompareTo(_denominator);
        if (half > 0 || (half == 0 && !digits.IsEven))
        {
            digits++;
        }

        while (scale > 0 && BigInteger.DivRem(digits, 10, out var last) is var shorter && last.IsZero)
        {
            (digits, scale) = (shorter, scale - 1);
        }

        if (digits.IsZero)
        {
            return false;
        }

        value = new decimal(Word(digits, 0), Word(digits, 32), Word(digits, 64), Sign < 0, (byte)scale);
        return true;
    }

    public double ToDouble()
    {
        // Both parts shifted to lengths that a double can hold.
        var shift = (int)Math.Max(0, Bits - 1000);
        if (shift == 0)
        {
            return (double)_numerator / (double)_denominator;
        }

        var denominator = _denominator >> shift;
        return denominator.IsZero ? (Sign < 0 ? double.NegativeInfinity : double.PositiveInfinity) : (double)(_numerator >> shift) / (double)denominator;
    }

    public int CompareTo(Rational other) => (_numerator * other._denominator).CompareTo(other._numerator * _denominator);

    public bool Equals(Rational other) => _numerator == other._numerator && _denominator == other._denominator;

    public override bool Equals(object? obj) => obj is Rational other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_numerator, _denominator);

    private static int Word(BigInteger digits, int shift) => unchecked((int)(uint)((digits >> shift) & uint.MaxValue));
}
