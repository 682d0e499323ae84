namespace FhirFacade.Storage.Audit;

/// <summary>An event cannot be written down: what it tells of must not be answered.</summary>
public sealed class AuditUnavailableException : IOException
{
    /// <summary>Without a reason.</summary>
    public AuditUnavailableException()
    {
    }

    /// <summary>With the reason, for the operator.</summary>
    public AuditUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason, and what said so.</summary>
    public AuditUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
