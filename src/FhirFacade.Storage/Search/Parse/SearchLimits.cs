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
