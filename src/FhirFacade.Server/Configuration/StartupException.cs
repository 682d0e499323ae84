namespace FhirFacade.Server.Configuration;

/// <summary>
/// The server or one of its commands cannot go on, for a reason that lies outside the program. The message is one line
/// that says what to do; it is all that the operator sees.
/// </summary>
public sealed class StartupException : Exception
{
    /// <summary>Creates the exception with its one line.</summary>
    public StartupException(string message) : base(message) { }

    /// <summary>Creates the exception with its one line and what caused it.</summary>
    public StartupException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates an exception that says nothing; use the others.</summary>
    public StartupException() { }
}
