using System.Globalization;
using System.Numerics;

namespace FhirFacade.Fhir.Ucum;

/// <summary>
/// The grammar of case-sensitive UCUM codes (https://ucum.org/ucum, section 2.1). Beyond it, an annotation may also stand behind
/// a number or a bracket. Codes are limited to 512 characters, exponents to four digits.
/// </summary>
internal sealed class UcumParser
{
    private const int MaxLength = 512;
    private readonly string _text;
    private int _position;
    private (string Rule, int Position)? _error;

    private UcumParser(string text) => _text = text;

    private bool AtEnd => _position >= _text.Length;

    private char Current => _text[_position];

    public static UcumParseResult Parse(string text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return new(null, $"A unit has 1 to {MaxLength} characters.");
        }

        var parser = new UcumParser(text);
        var measure = parser.MainTerm();
        if (measure is not null && !parser.AtEnd)
        {
            measure = parser.Fail("An operator or the end is wanted here.");
        }

        return measure is null ? new(null, parser._error!.Value.Rule, parser._error.Value.Position) : new(new(text, measure));
    }

    private Measure? MainTerm()
    {
        if (Current != '/')
        {
            return Term();
        }

        _position++;
        return Term(Measure.Unity, -1);
    }

    private Measure? Term() => Term(Measure.Unity, 1);

    /// <summary>Components from left to right, each by its operator; the first one's power is given.</summary>
    private Measure? Term(Measure product, int power)
    {
        while (true)
        {
            if (Component() is not { } component)
            {
                return null;
            }

            if (product.Times(component, power) is not { } next)
            {
                return Fail("The magnitude is beyond what is computed.");
            }

            product = next;
            if (AtEnd || Current is not ('.' or '/'))
            {
                return product;
            }

            power = _text[_position++] == '/' ? -1 : 1;
        }
    }

    private Measure? Component()
    {
        if (AtEnd)
        {
            return Fail("A unit is wanted here.");
        }

        if (Current == '{')
        {
            return Annotation() ? Measure.Unity : null;
        }

        var measure = Current == '(' ? Bracket()
            : char.IsAsciiDigit(Current) && !IsPowerOfTen ? Factor()
            : SimpleUnit();
        return measure is not null && !AtEnd && Current == '{' && !Annotation() ? null : measure;
    }

    private bool IsPowerOfTen => string.CompareOrdinal(_text, _position, "10*", 0, 3) == 0 || string.CompareOrdinal(_text, _position, "10^", 0, 3) == 0;

    private Measure? Bracket()
    {
        _position++;
        if (Term() is not { } measure)
        {
            return null;
        }

        if (AtEnd || Current != ')')
        {
            return Fail("A bracket is not closed.");
        }

        _position++;
        return measure;
    }

    private Measure? Factor()
    {
        var value = BigInteger.Parse(Digits(), NumberStyles.None, CultureInfo.InvariantCulture);
        return value.IsZero ? Fail("A number in a unit is not zero.") : new(Rational.Parse(value.ToString(CultureInfo.InvariantCulture)), Dimension.None);
    }

    private Measure? SimpleUnit()
    {
        var start = _position;
        if (Symbol() is not { } symbol)
        {
            return null;
        }

        if (UcumTable.Find(symbol) is not { } measure)
        {
            _position = start;
            return Fail("No such unit is known.");
        }

        if (AtEnd || !(char.IsAsciiDigit(Current) || Current is '+' or '-'))
        {
            return measure;
        }

        return Exponent() is not { } exponent ? null
            : Measure.Unity.Times(measure, exponent) ?? Fail("The magnitude is beyond what is computed.");
    }

    // Whatever stands in square brackets belongs to the symbol, digits and operators too.
    private string? Symbol()
    {
        var start = _position;
        _position += IsPowerOfTen ? 3 : 0;
        while (_position == start || (_text[_position - 1] is not ('*' or '^') && !AtEnd))
        {
            if (AtEnd || char.IsAsciiDigit(Current) || Current is '.' or '/' or '(' or ')' or '{' or '}' or '+' or '-' or ']' or <= ' ' or > '~')
            {
                break;
            }

            if (Current == '[')
            {
                var end = _text.IndexOf(']', _position);
                if (end < 0)
                {
                    Fail("A square bracket is not closed.");
                    return null;
                }

                _position = end;
            }

            _position++;
        }

        if (_position == start)
        {
            Fail("A unit is wanted here.");
            return null;
        }

        return _text[start.._position];
    }

    private int? Exponent()
    {
        var sign = Current == '-' ? -1 : 1;
        if (Current is '+' or '-')
        {
            _position++;
        }

        var digits = Digits();
        if (digits.Length is 0 or > 4)
        {
            Fail("An exponent has one to four digits.");
            return null;
        }

        return sign * int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private ReadOnlySpan<char> Digits()
    {
        var start = _position;
        while (!AtEnd && char.IsAsciiDigit(Current))
        {
            _position++;
        }

        return _text.AsSpan(start, _position - start);
    }

    private bool Annotation()
    {
        _position++;
        while (!AtEnd && Current is > ' ' and <= '~' and not ('{' or '}'))
        {
            _position++;
        }

        if (AtEnd || Current != '}')
        {
            Fail("An annotation is ASCII without spaces between braces.");
            return false;
        }

        _position++;
        return true;
    }

    private Measure? Fail(string rule)
    {
        _error ??= (rule, _position);
        return null;
    }
}
