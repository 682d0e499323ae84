using System.Text;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Messages;

namespace FhirFacade.Translation.Segments;

/// <summary>True if a row applies to this segment.</summary>
internal delegate bool MapCondition(Hl7Segment segment, MessageScope scope);

/// <summary>
/// Compiles the condition column: <c>PV1-45 valued</c>, <c>absent</c>, <c>repeats</c>, <c>longer 8</c>, <c>= X</c>, <c>!= X</c>,
/// <c>in (A B C)</c>, joined by <c>and</c>, <c>or</c>, <c>not</c> and parentheses. A field of another segment is that of the same
/// order or patient group.
/// </summary>
internal sealed class MapConditionCompiler
{
    private readonly string _segment;
    private readonly List<string> _tokens;
    private int _at;

    private MapConditionCompiler(string text, string segment)
    {
        _segment = segment;
        _tokens = Tokens(text);
    }

    /// <exception cref="InvalidMapException">The text is not a condition.</exception>
    public static MapCondition? Compile(string? text, string segment)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var compiler = new MapConditionCompiler(text, segment);
        var condition = compiler.Or();
        return compiler._at == compiler._tokens.Count ? condition : throw new InvalidMapException($"condition '{text}': unexpected '{compiler._tokens[compiler._at]}'");
    }

    private static List<string> Tokens(string text)
    {
        var tokens = new List<string>();
        var token = new StringBuilder();
        foreach (var c in text + " ")
        {
            if (c is ' ' or '(' or ')')
            {
                if (token.Length > 0)
                {
                    tokens.Add(token.ToString());
                    token.Clear();
                }

                if (c != ' ')
                {
                    tokens.Add(c.ToString());
                }
            }
            else
            {
                token.Append(c);
            }
        }

        return tokens;
    }

    private MapCondition Or()
    {
        var left = And();
        while (Take("or"))
        {
            var (first, second) = (left, And());
            left = (s, t) => first(s, t) || second(s, t);
        }

        return left;
    }

    private MapCondition And()
    {
        var left = Not();
        while (Take("and"))
        {
            var (first, second) = (left, Not());
            left = (s, t) => first(s, t) && second(s, t);
        }

        return left;
    }

    private MapCondition Not()
    {
        if (Take("not"))
        {
            var inner = Not();
            return (s, t) => !inner(s, t);
        }

        if (Take("("))
        {
            var inner = Or();
            Expect(")");
            return inner;
        }

        return Test();
    }

    private MapCondition Test()
    {
        var field = FieldReaders.Compile(Next(), _segment);
        switch (Next())
        {
            case "valued":
                return (s, t) => field(s, t).HasValue;
            case "absent":
                return (s, t) => !field(s, t).HasValue;
            case "repeats":
                return (s, t) => field(s, t).RepetitionCount > 1;
            case "longer":
                var length = int.Parse(Next(), System.Globalization.CultureInfo.InvariantCulture);
                return (s, t) => field(s, t)[1].Raw.Length > length;
            case "=":
                var one = Encoding.ASCII.GetBytes(Next());
                return (s, t) => field(s, t).Raw.SequenceEqual(one);
            case "!=":
                var other = Encoding.ASCII.GetBytes(Next());
                return (s, t) => !field(s, t).Raw.SequenceEqual(other);
            case "in":
                var codes = Codes();
                return (s, t) => codes.Any(c => field(s, t).Is(c));
            case var verb:
                throw new InvalidMapException($"condition: unknown test '{verb}'");
        }
    }

    private List<string> Codes()
    {
        Expect("(");
        var codes = new List<string>();
        while (!Take(")"))
        {
            codes.Add(Next());
        }

        return codes;
    }

    private string Next() => _at < _tokens.Count ? _tokens[_at++] : throw new InvalidMapException("condition ends too early");

    private bool Take(string token)
    {
        if (_at < _tokens.Count && _tokens[_at] == token)
        {
            _at++;
            return true;
        }

        return false;
    }

    private void Expect(string token)
    {
        if (!Take(token))
        {
            throw new InvalidMapException($"condition: '{token}' expected");
        }
    }
}
