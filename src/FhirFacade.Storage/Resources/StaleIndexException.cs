namespace FhirFacade.Storage.Resources;

/// <summary>The site's search parameters changed between the indexing of a resource and its being written here. Read them, roll back and do the transaction again.</summary>
internal sealed class StaleIndexException : ConcurrentWriteException
{
    public StaleIndexException() : base("the search parameters changed meanwhile")
    {
    }

    public StaleIndexException(string message) : base(message)
    {
    }

    public StaleIndexException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
