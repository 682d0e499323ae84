namespace FhirFacade.Storage.Search.Parse;

/// <summary>What a single search may ask for.</summary>
public static class SearchLimits
{
    /// <summary>The size of a page when the client names none.</summary>
    public const int DefaultCount = 50;

    /// <summary>The largest page; a larger <c>_count</c> is cut down to it, as R4 allows.</summary>
    public const int MaxCount = 1000;

    /// <summary>How many values one parameter may be compared with (multiple-or).</summary>
    public const int MaxValues = 500;

    /// <summary>How many codes a value set or a branch of a code system may stand for.</summary>
    public const int MaxCodes = 5_000;

    /// <summary>How many comparisons a <c>_filter</c>, or words a <c>_text</c>, may hold.</summary>
    public const int MaxParts = 64;

    /// <summary>How deep parentheses may be nested.</summary>
    public const int MaxNesting = 16;

    /// <summary>How many steps <c>:above</c> and <c>:below</c> follow a hierarchy of resources.</summary>
    public const int MaxLevels = 5;

    /// <summary>How many matches are put in order where the order has no index.</summary>
    public const int MaxSorted = 10_000;

    /// <summary>How many steps from one resource to another a single criterion may take.</summary>
    public const int MaxDepth = 6;

    /// <summary>How many tables the criteria of a search may reach into.</summary>
    public const int MaxReach = 64;

    /// <summary>How many included resources one page may carry; the rest is left out with a warning.</summary>
    public const int MaxIncluded = 1000;

    /// <summary>How many rounds <c>:iterate</c> goes.</summary>
    public const int MaxIterations = 5;

    /// <summary>How far matches are counted; beyond it no total is given.</summary>
    public const int MaxCounted = 100_000;
}
