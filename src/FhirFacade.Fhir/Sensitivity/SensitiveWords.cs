using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Sensitivity;

/// <summary>
/// The words by which a text names a category, where no code does: what value sets call the concepts that they list (<c>display</c>, <c>designation</c>), and the codes of the system
/// <see cref="System"/>, which are words themselves. Whole words alone count, in any case, whatever stands between them. Immutable; safe for any number of threads.
/// </summary>
internal sealed class SensitiveWords
{
    /// <summary>The code system whose codes are words.</summary>
    public const string System = "urn:fhirfacade:sensitivity:words";

    // What is shorter says nothing by itself.
    private const int Shortest = 3;
    private const int LongestOnStack = 512;

    private readonly FrozenDictionary<string, Phrase[]> byFirstWord;

    /// <param name="categories">Of each category the value set, and its bit.</param>
    public SensitiveWords(IEnumerable<(JsonElement ValueSet, ulong Category)> categories)
    {
        var phrases = categories.SelectMany(item => In(item.ValueSet, "include").Select(words => (Words: words, item.Category, Excluded: 0ul))
            .Concat(In(item.ValueSet, "exclude").Select(words => (Words: words, Category: 0ul, Excluded: item.Category))));
        byFirstWord = phrases.GroupBy(phrase => string.Join(' ', phrase.Words), StringComparer.Ordinal)
            .Select(same => new Phrase(same.Key.Split(' '), same.Aggregate(0ul, (all, one) => all | one.Category), same.Aggregate(0ul, (all, one) => all | one.Excluded)))
            .GroupBy(phrase => phrase.Words[0], StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>The categories that a text names.</summary>
    public ulong In(ReadOnlySpan<char> text)
    {
        var rented = text.Length > LongestOnStack ? ArrayPool<char>.Shared.Rent(text.Length) : null;
        try
        {
            var lower = (rented ?? stackalloc char[LongestOnStack])[..text.Length];
            text.ToLowerInvariant(lower);
            return Named(lower);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented, clearArray: true);
            }
        }
    }

    private ulong Named(ReadOnlySpan<char> text)
    {
        var found = 0ul;
        var words = byFirstWord.GetAlternateLookup<ReadOnlySpan<char>>();
        // What is excluded covers the words that it consists of, each for its category.
        Span<(int End, ulong Category)> covered = stackalloc (int, ulong)[8];
        covered.Clear();
        for (var at = 0; Next(text, ref at, out var word);)
        {
            if (!words.TryGetValue(word, out var phrases))
            {
                continue;
            }

            var here = 0ul;
            foreach (var phrase in phrases)
            {
                var end = at;
                if (!phrase.Follows(text, ref end))
                {
                    continue;
                }

                here |= phrase.Category;
                if (phrase.Excluded != 0)
                {
                    Cover(covered, at, end, phrase.Excluded);
                }
            }

            foreach (var (end, category) in covered)
            {
                here = end >= at ? here & ~category : here;
            }

            found |= here;
        }

        return found;
    }

    // Where there is no room for more, the text names what it names.
    private static void Cover(Span<(int End, ulong Category)> covered, int at, int end, ulong category)
    {
        foreach (ref var one in covered)
        {
            if (one.End < at)
            {
                one = (end, category);
                return;
            }
        }
    }

    private static bool Next(ReadOnlySpan<char> text, ref int at, out ReadOnlySpan<char> word)
    {
        while (at < text.Length && !char.IsLetterOrDigit(text[at]))
        {
            at++;
        }

        var start = at;
        while (at < text.Length && char.IsLetterOrDigit(text[at]))
        {
            at++;
        }

        word = text[start..at];
        return at > start;
    }

    private static IEnumerable<string[]> In(JsonElement valueSet, string side) => valueSet.Part("compose").Items(side).SelectMany(part => part.Items("concept")
        .SelectMany(concept => part.Text("system") == System
            ? [concept.Text("code")]
            : concept.Items("designation").Select(designation => designation.Text("value")).Prepend(concept.Text("display"))))
        .OfType<string>().Where(text => text.Count(char.IsLetterOrDigit) >= Shortest).Select(Words).Where(words => words.Length > 0);

    private static string[] Words(string text)
    {
        var lower = text.ToLowerInvariant();
        var words = new List<string>();
        for (var at = 0; Next(lower, ref at, out var word);)
        {
            words.Add(word.ToString());
        }

        return [.. words];
    }

    private sealed record Phrase(string[] Words, ulong Category, ulong Excluded)
    {
        /// <summary>Whether its other words come after its first, which ends at <paramref name="at"/>.</summary>
        public bool Follows(ReadOnlySpan<char> text, ref int at)
        {
            for (var i = 1; i < Words.Length; i++)
            {
                if (!Next(text, ref at, out var word) || !word.SequenceEqual(Words[i]))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
