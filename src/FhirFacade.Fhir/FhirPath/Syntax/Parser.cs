using System.Collections.Immutable;
using System.Globalization;
using FhirFacade.Fhir.FhirPath.Values;

namespace FhirFacade.Fhir.FhirPath.Syntax;

/// <summary>Tokens to tree by operator precedence: https://hl7.org/fhirpath/N1/#operator-precedence</summary>
internal sealed class Parser
{
    /// <summary>Deeper nesting than this is refused, so that no text can exhaust the stack.</summary>
    public const int MaximumDepth = 250;

    private const int PolarityPower = 110;
    private const int MaximumLength = 100_000;
    private readonly List<Token> tokens;
    private int next;
    private int nesting;

    private Parser(List<Token> tokens) => this.tokens = tokens;

    private Token Current => tokens[next];

    public static Expression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaximumLength)
        {
            throw new FhirPathSyntaxException("the expression is too long", MaximumLength);
        }

        var parser = new Parser(Lexer.Tokenize(text));
        var expression = parser.Operation(0);
        return parser.Current.Kind == TokenKind.End
            ? expression
            : throw new FhirPathSyntaxException("the expression should end here", parser.Current.Position);
    }

    private static int Power(Token token) => token switch
    {
        { Kind: TokenKind.Symbol } => token.Text switch
        {
            "*" or "/" => 100,
            "+" or "-" or "&" => 90,
            "|" => 70,
            "<" or ">" or "<=" or ">=" => 60,
            "=" or "~" or "!=" or "!~" => 50,
            _ => 0,
        },
        { Kind: TokenKind.Identifier } => token.Text switch
        {
            "div" or "mod" => 100,
            "is" or "as" => 80,
            "in" or "contains" => 40,
            "and" => 30,
            "or" or "xor" => 20,
            "implies" => 10,
            _ => 0,
        },
        _ => 0,
    };

    private Expression Operation(int minimumPower)
    {
        if (++nesting > MaximumDepth)
        {
            throw new FhirPathSyntaxException("the expression nests too deeply", Current.Position);
        }

        var left = Path(Prefix());
        while (Power(Current) is var power && power > minimumPower)
        {
            var token = Take();
            left = token.Text is "is" or "as" && token.Kind == TokenKind.Identifier
                ? new TypeOperation(token.Text, left, TypeName(), token.Position)
                : new Binary(token.Text, left, Operation(power), token.Position);
            CheckDepth(left);
        }

        nesting--;
        return left;
    }

    private Expression Prefix()
    {
        var token = Take();
        switch (token.Kind)
        {
            case TokenKind.String:
                return new Literal(token.Text, token.Position);
            case TokenKind.Number:
                return Number(token);
            case TokenKind.LongNumber:
                return long.TryParse(token.Text, CultureInfo.InvariantCulture, out var longValue)
                    ? new Literal(longValue, token.Position)
                    : throw new FhirPathSyntaxException("the number does not fit 64 bits", token.Position);
            case TokenKind.DateTime:
                return PartialDateTime.TryParseLiteral(token.Text, out var temporal)
                    ? new Literal(temporal, token.Position)
                    : throw new FhirPathSyntaxException("no such date or time", token.Position);
            case TokenKind.ExternalConstant:
                return new ExternalConstant(token.Text, token.Position);
            case TokenKind.Special:
                return token.Text is "this" or "index" or "total"
                    ? new SpecialVariable(token.Text, token.Position)
                    : throw new FhirPathSyntaxException("only $this, $index and $total exist", token.Position);
            case TokenKind.Identifier when token.Text is "true" or "false":
                return new Literal(token.Text == "true", token.Position);
            case TokenKind.Identifier or TokenKind.DelimitedIdentifier:
                return Invocation(null, token);
        }

        switch (token.Text)
        {
            case "(":
                var inner = Operation(0);
                Expect(")");
                return inner;
            case "{":
                Expect("}");
                return new EmptySet(token.Position);
            case "+" or "-":
                return new Polarity(token.Text == "-", Operation(PolarityPower), token.Position);
        }

        throw new FhirPathSyntaxException("a value, name or parenthesis is missing", token.Position);
    }

    private Expression Path(Expression left)
    {
        while (true)
        {
            if (Current.IsSymbol("."))
            {
                next++;
                left = Invocation(left, Take());
            }
            else if (Current.IsSymbol("["))
            {
                var position = Take().Position;
                left = new Indexer(left, Operation(0), position);
                Expect("]");
            }
            else
            {
                return left;
            }

            CheckDepth(left);
        }
    }

    private Expression Invocation(Expression? source, Token name)
    {
        if (name.Kind == TokenKind.Special && source is not null)
        {
            return new Call(source, "select", [new SpecialVariable(name.Text, name.Position)], name.Position);
        }

        if (name.Kind is not (TokenKind.Identifier or TokenKind.DelimitedIdentifier))
        {
            throw new FhirPathSyntaxException("a name is missing", name.Position);
        }

        if (!Current.IsSymbol("("))
        {
            return new Member(source, name.Text, name.Position);
        }

        next++;
        var arguments = ImmutableArray.CreateBuilder<Expression>();
        while (!Current.IsSymbol(")"))
        {
            if (arguments.Count > 0)
            {
                Expect(",");
            }

            arguments.Add(Operation(0));
        }

        next++;
        return new Call(source, name.Text, arguments.ToImmutable(), name.Position);
    }

    private Literal Number(Token token)
    {
        var isInteger = !token.Text.Contains('.', StringComparison.Ordinal);
        if (!decimal.TryParse(token.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            throw new FhirPathSyntaxException("the number has more digits than can be kept", token.Position);
        }

        if (Current.Kind == TokenKind.String)
        {
            return new Literal(new Quantity(value, Take().Text), token.Position);
        }

        if (Current.Kind == TokenKind.Identifier && CalendarUnits.Find(Current.Text) is { } unit)
        {
            next++;
            return new Literal(new Quantity(value, unit, isCalendar: true), token.Position);
        }

        return !isInteger ? new Literal(value, token.Position)
            : value <= int.MaxValue ? new Literal((int)value, token.Position)
            : throw new FhirPathSyntaxException("the integer does not fit 32 bits", token.Position);
    }

    private TypeSpecifier TypeName()
    {
        var first = Name();
        if (!Current.IsSymbol("."))
        {
            return new TypeSpecifier(null, first.Text, first.Position);
        }

        next++;
        return new TypeSpecifier(first.Text, Name().Text, first.Position);
    }

    private Token Name() => Take() is { Kind: TokenKind.Identifier or TokenKind.DelimitedIdentifier } name
        ? name
        : throw new FhirPathSyntaxException("a type name is missing", tokens[next - 1].Position);

    private Token Take() => Current.Kind == TokenKind.End
        ? throw new FhirPathSyntaxException("the expression ends too early", Current.Position)
        : tokens[next++];

    private void Expect(string symbol)
    {
        if (!Take().IsSymbol(symbol))
        {
            throw new FhirPathSyntaxException($"'{symbol}' is missing", tokens[next - 1].Position);
        }
    }

    private static void CheckDepth(Expression expression)
    {
        if (expression.Depth > MaximumDepth)
        {
            throw new FhirPathSyntaxException("the expression is too deep", expression.Position);
        }
    }
}
