namespace FhirFacade.Storage.Search.Index;

/// <summary>The beginnings under which a text is found: of the whole and of each of its first words.</summary>
public static class StringPrefixes
{
    /// <summary>The longest indexed beginning, in UTF-16 units. What is longer is looked up by this much, then compared in the text table.</summary>
    public const int Longest = 12;

    /// <summary>How many words of one text can be found by their beginning.</summary>
    public const int Words = 8;

    /// <summary>How much of a text the text table keeps, for <c>:contains</c>, long beginnings and sorting.</summary>
    public const int KeptText = 500;

    /// <summary>The part of a normalised text that is searched and sorted by.</summary>
    public static string Kept(string normalised)
    {
        if (normalised.Length <= KeptText)
        {
            return normalised;
        }

        var end = char.IsHighSurrogate(normalised[KeptText - 1]) ? KeptText - 1 : KeptText;
        return normalised[..end];
    }

    /// <summary>Adds the term of every beginning of the normalised text.</summary>
    public static void AddTo(ICollection<long> terms, string parameter, string normalised)
    {
        var start = 0;
        for (var word = 0; word < Words && start < normalised.Length; word++)
        {
            var longest = Math.Min(Longest, normalised.Length - start);
            for (var length = 1; length <= longest; length++)
            {
                terms.Add(Terms.Prefix(parameter, normalised.AsSpan(start, length)));
            }

            var space = normalised.IndexOf(' ', start);
            start = space < 0 ? normalised.Length : space + 1;
        }
    }
}
