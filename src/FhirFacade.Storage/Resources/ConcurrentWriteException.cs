namespace FhirFacade.Storage.Resources;

/// <summary>Somebody else wrote a resource between its being read and written here. Roll back and do the transaction again.</summary>
internal class ConcurrentWriteException : Exception
{
    public ConcurrentWriteException() : base("a resource was written by another transaction meanwhile")
    {
    }

    public ConcurrentWriteException(string message) : base(message)
    {
    }

    public ConcurrentWriteException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
