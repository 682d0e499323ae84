namespace FhirFacade.Translation.Profiles;

/// <summary>A text in which <c>*</c> stands for any characters and <c>?</c> for one; upper and lower case are the same. Empty matches everything.</summary>
internal sealed class Wildcard
{
    private readonly string _pattern;

    public Wildcard(string? pattern)
    {
        _pattern = string.IsNullOrEmpty(pattern) ? "*" : pattern.ToUpperInvariant();
        IsExact = _pattern.AsSpan().IndexOfAny('*', '?') < 0;
        Literals = _pattern.Count(static c => c is not ('*' or '?'));
    }

    public static Wildcard Any { get; } = new(null);

    public bool IsExact { get; }

    /// <summary>It says something.</summary>
    public bool IsRestriction => _pattern != "*";

    /// <summary>How many characters it fixes.</summary>
    public int Literals { get; }

    public bool Matches(ReadOnlySpan<char> text)
    {
        if (IsExact)
        {
            return text.Equals(_pattern, StringComparison.OrdinalIgnoreCase);
        }

        // The last star takes what it must: back to it when what follows does not fit.
        var (at, p, star, from) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            if (p < _pattern.Length && _pattern[p] == '*')
            {
                (star, from) = (p++, at);
            }
            else if (p < _pattern.Length && (_pattern[p] == '?' || _pattern[p] == char.ToUpperInvariant(text[at])))
            {
                (p, at) = (p + 1, at + 1);
            }
            else if (star >= 0)
            {
                (p, at) = (star + 1, ++from);
            }
            else
            {
                return false;
            }
        }

        return _pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    /// <summary>Whether one text can match both.</summary>
    public bool Overlaps(Wildcard other)
    {
        var (a, b) = (_pattern, other._pattern);
        var reach = new bool[a.Length + 1, b.Length + 1];
        reach[a.Length, b.Length] = true;
        for (var i = a.Length; i >= 0; i--)
        {
            for (var j = b.Length; j >= 0; j--)
            {
                reach[i, j] |= i < a.Length && a[i] == '*' && (reach[i + 1, j] || (j < b.Length && reach[i, j + 1]));
                reach[i, j] |= j < b.Length && b[j] == '*' && (reach[i, j + 1] || (i < a.Length && reach[i + 1, j]));
                reach[i, j] |= i < a.Length && j < b.Length && a[i] != '*' && b[j] != '*' && (a[i] == b[j] || a[i] == '?' || b[j] == '?') && reach[i + 1, j + 1];
            }
        }

        return reach[0, 0];
    }

    public override string ToString() => _pattern;
}
