namespace FhirFacade.Translation;

/// <summary>How a translated resource meets the stored one of the same id.</summary>
public enum TranslationMode
{
    /// <summary>Element by element: absent leaves, JSON null deletes, present replaces.</summary>
    Merge,

    /// <summary>The content as it is.</summary>
    Replace,
}
