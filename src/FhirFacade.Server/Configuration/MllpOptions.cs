namespace FhirFacade.Server.Configuration;

/// <summary>The MLLP listener.</summary>
public sealed class MllpOptions
{
    /// <summary>IP address to listen on.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>TCP port to listen on; a negative number switches MLLP off.</summary>
    public int Port { get; init; } = 2575;

    /// <summary>Largest message in bytes, framing not counted. A longer one is refused and its connection closed.</summary>
    public int MaxMessageBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>A connection on which nothing has been received for this long is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How many messages of one connection may be waiting for their acknowledgement.</summary>
    public int MaxInFlight { get; init; } = 128;

    /// <summary>How many connections may be open at once.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>Transport security; off unless a certificate is named.</summary>
    public MllpTlsOptions Tls { get; init; } = new();
}
