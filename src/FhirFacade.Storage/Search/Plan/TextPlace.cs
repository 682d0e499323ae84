namespace FhirFacade.Storage.Search.Plan;

/// <summary>Where in a text another one is looked for.</summary>
public enum TextPlace
{
    /// <summary>Anywhere.</summary>
    Anywhere,

    /// <summary>At the beginning of any word.</summary>
    WordStart,

    /// <summary>At the beginning of the text.</summary>
    Beginning,

    /// <summary>At its end.</summary>
    End,

    /// <summary>It is the whole text.</summary>
    Whole,
}

/// <summary>How the texts behind terms are looked for.</summary>
public enum IndexedTextTest
{
    /// <summary>The text begins one of the words.</summary>
    WordStart,

    /// <summary>The uri is this one, or lies below it.</summary>
    Below,
}
