using System.Globalization;
using System.Text;

namespace FhirFacade.Fhir.FhirPath.Syntax;

/// <summary>Cuts FHIRPath text into tokens: https://hl7.org/fhirpath/N1/#lexical-elements</summary>
internal ref struct Lexer(string text)
{
    private static readonly string[] twoCharacterSymbols = ["<=", ">=", "!=", "!~"];
    private int position;

    public static List<Token> Tokenize(string text)
    {
        var lexer = new Lexer(text);
        var tokens = new List<Token>();
        Token token;
        do
        {
            token = lexer.Next();
            tokens.Add(token);
        }
        while (token.Kind != TokenKind.End);
        return tokens;
    }

    private readonly char Current => position < text.Length ? text[position] : '\0';

    private readonly char Peek => position + 1 < text.Length ? text[position + 1] : '\0';

    private Token Next()
    {
        SkipBlanksAndComments();
        var start = position;
        if (position >= text.Length)
        {
            return new Token(TokenKind.End, "", start);
        }

        var c = Current;
        if (char.IsAsciiLetter(c) || c == '_')
        {
            return new Token(TokenKind.Identifier, Word(), start);
        }

        if (char.IsAsciiDigit(c))
        {
            return Number(start);
        }

        switch (c)
        {
            case '\'':
                return new Token(TokenKind.String, Quoted('\''), start);
            case '`':
                return new Token(TokenKind.DelimitedIdentifier, Quoted('`'), start);
            case '@':
                position++;
                return new Token(TokenKind.DateTime, Temporal(start), start);
            case '%':
                position++;
                return new Token(TokenKind.ExternalConstant, ConstantName(start), start);
            case '$':
                position++;
                return new Token(TokenKind.Special, Word(), start);
        }

        foreach (var symbol in twoCharacterSymbols)
        {
            if (c == symbol[0] && Peek == symbol[1])
            {
                position += 2;
                return new Token(TokenKind.Symbol, symbol, start);
            }
        }

        if (!"+-*/&|<>=~.,()[]{}".Contains(c, StringComparison.Ordinal))
        {
            throw new FhirPathSyntaxException("no token starts with this character", start);
        }

        position++;
        return new Token(TokenKind.Symbol, c.ToString(), start);
    }

    private void SkipBlanksAndComments()
    {
        while (position < text.Length)
        {
            if (char.IsWhiteSpace(text[position]))
            {
                position++;
            }
            else if (Current == '/' && Peek == '/')
            {
                var end = text.AsSpan(position).IndexOfAny('\r', '\n');
                position = end < 0 ? text.Length : position + end;
            }
            else if (Current == '/' && Peek == '*')
            {
                var end = text.IndexOf("*/", position + 2, StringComparison.Ordinal);
                position = end < 0 ? throw new FhirPathSyntaxException("a comment is not closed", position) : end + 2;
            }
            else
            {
                return;
            }
        }
    }

    private string Word()
    {
        var start = position;
        while (char.IsAsciiLetterOrDigit(Current) || Current == '_')
        {
            position++;
        }

        return text[start..position];
    }

    private string Digits()
    {
        var start = position;
        while (char.IsAsciiDigit(Current))
        {
            position++;
        }

        return text[start..position];
    }

    private Token Number(int start)
    {
        Digits();
        if (Current == '.' && char.IsAsciiDigit(Peek))
        {
            position++;
            Digits();
        }
        else if (Current == 'L')
        {
            position++;
            return new Token(TokenKind.LongNumber, text[start..(position - 1)], start);
        }

        return new Token(TokenKind.Number, text[start..position], start);
    }

    private string ConstantName(int start) => Current switch
    {
        '\'' => Quoted('\''),
        '"' => Quoted('"'),
        '`' => Quoted('`'),
        var c when char.IsAsciiLetter(c) || c == '_' => Word() is "vs" or "ext" ? Hyphenated(start + 1) : text[(start + 1)..position],
        _ => throw new FhirPathSyntaxException("a name must follow %", start),
    };

    /// <summary><c>vs-administrative-gender</c>: FHIR writes these names with hyphens, although FHIRPath would have them in quotes.</summary>
    private string Hyphenated(int start)
    {
        while (Current == '-' && char.IsAsciiLetter(Peek))
        {
            position++;
            Word();
        }

        return text[start..position];
    }

    /// <summary>What follows <c>@</c>: digits and dashes, then T and a time, then an offset. Values are checked by the parser.</summary>
    private string Temporal(int at)
    {
        var start = position;
        while (char.IsAsciiDigit(Current) || (Current == '-' && char.IsAsciiDigit(Peek)))
        {
            position++;
        }

        if (Current == 'T')
        {
            position++;
            while (char.IsAsciiDigit(Current) || ((Current is ':' or '.') && char.IsAsciiDigit(Peek)))
            {
                position++;
            }

            if (Current == 'Z')
            {
                position++;
            }
            else if (Current is '+' or '-' && char.IsAsciiDigit(Peek) && position + 5 < text.Length && text[position + 3] == ':')
            {
                position += 6;
            }
        }

        return position > start ? text[start..position] : throw new FhirPathSyntaxException("a date or time must follow @", at);
    }

    private string Quoted(char quote)
    {
        var start = position++;
        var end = text.AsSpan(position).IndexOfAny(quote, '\\');
        if (end >= 0 && text[position + end] == quote)
        {
            var plain = text.Substring(position, end);
            position += end + 1;
            return plain;
        }

        var decoded = new StringBuilder();
        while (position < text.Length)
        {
            var c = text[position++];
            if (c == quote)
            {
                return decoded.ToString();
            }

            decoded.Append(c == '\\' ? Escape() : c);
        }

        throw new FhirPathSyntaxException("a quoted text is not closed", start);
    }

    private char Escape()
    {
        var at = position - 1;
        var c = Current;
        position++;
        switch (c)
        {
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case '\\' or '/' or '\'' or '"' or '`':
                return c;
            case 'u' when position + 4 <= text.Length
                && ushort.TryParse(text.AsSpan(position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                position += 4;
                return (char)code;
            default:
                throw new FhirPathSyntaxException("an escape is not one of \\' \\\" \\` \\r \\n \\t \\f \\\\ \\/ \\uXXXX", at);
        }
    }
}
