using System.Collections.Immutable;
using FhirFacade.Storage.Search.Index;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>
/// The expressions of <c>_text</c> and <c>_content</c> (https://hl7.org/fhir/R4/search.html#content): words that all have to be there,
/// <c>OR</c>, <c>AND</c>, <c>NOT</c> in any case, parentheses; words in quotation marks are words.
/// </summary>
internal sealed class WordsParser
{
    private readonly List<string> tokens;
    private readonly bool anywhere;
    private int at;

    private WordsParser(string text, bool anywhere)
    {
        this.anywhere = anywhere;
        tokens = [.. Tokens(text, anywhere)];
    }

    /// <summary>The expression, or null if it is none.</summary>
    public static Criterion? Parse(string text, bool anywhere)
    {
        var parser = new WordsParser(text, anywhere);
        return parser.tokens.Count is > 0 and <= SearchLimits.MaxParts && parser.Or(0) is { } words && parser.at == parser.tokens.Count ? words : null;
    }

    private Criterion? Or(int depth)
    {
        var parts = ImmutableArray.CreateBuilder<Criterion>();
        do
        {
            if (depth > SearchLimits.MaxNesting || And(depth) is not { } part)
            {
                return null;
            }

            parts.Add(part);
        }
        while (Take("or"));
        return parts.Count == 1 ? parts[0] : new Criterion.Any(parts.ToImmutable());
    }

    private Criterion? And(int depth)
    {
        var parts = ImmutableArray.CreateBuilder<Criterion>();
        while (at < tokens.Count && tokens[at] is not (")" or "or"))
        {
            if (parts.Count > 0)
            {
                Take("and");
            }

            if (Factor(depth) is not { } part)
            {
                return null;
            }

            parts.Add(part);
        }

        return parts.Count switch
        {
            0 => null,
            1 => parts[0],
            _ => new Criterion.All(parts.ToImmutable()),
        };
    }

    private Criterion? Factor(int depth)
    {
        if (depth > SearchLimits.MaxNesting)
        {
            return null;
        }

        if (Take("not"))
        {
            return Factor(depth + 1) is { } inner ? new Criterion.Not(inner) : null;
        }

        if (Take("("))
        {
            return Or(depth + 1) is { } inner && Take(")") ? inner : null;
        }

        return at < tokens.Count && tokens[at] is not (")" or "or" or "and") ? new Criterion.Word(tokens[at++].TrimStart('\"'), anywhere) : null;
    }

    private bool Take(string token)
    {
        var found = at < tokens.Count && tokens[at] == token;
        at += found ? 1 : 0;
        return found;
    }

    // A word that could be taken for an operator keeps the quotation mark that says it is not.
    private static IEnumerable<string> Tokens(string text, bool anywhere)
    {
        var quoted = false;
        foreach (var stretch in text.Split('"'))
        {
            var spaced = quoted ? stretch : stretch.Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal);
            foreach (var piece in spaced.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!quoted && piece is "(" or ")")
                {
                    yield return piece;
                    continue;
                }

                var isOperator = piece.ToLowerInvariant() is "and" or "or" or "not";
                foreach (var word in anywhere && (quoted || !isOperator) ? [piece] : NarrativeWords.Split(piece))
                {
                    yield return quoted ? "\"" + word : word;
                }
            }

            quoted = !quoted;
        }
    }
}
