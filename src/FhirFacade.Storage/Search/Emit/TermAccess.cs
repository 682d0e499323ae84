namespace FhirFacade.Storage.Search.Emit;

/// <summary>Whether a condition on terms may be answered from the inverted index.</summary>
internal enum TermAccess
{
    /// <summary>The inverted index may be used; conditions that reach into other tables are evaluated as sets.</summary>
    Index,

    /// <summary>The rows come from elsewhere (a patient's index, a walk by date); terms are only looked at in each row.</summary>
    Filter,
}
