namespace FhirFacade.Server.Configuration;

/// <summary>The feed profiles.</summary>
public sealed class FeedOptions
{
    /// <summary>Folder of the profiles and of the code maps that they name. Unset: <c>feeds</c> in the data directory, which need not be there.</summary>
    public string? Directory { get; init; }

    /// <summary>How often the folder is looked at, besides when the operating system says that it has changed.</summary>
    public TimeSpan PollingInterval { get; init; } = TimeSpan.FromSeconds(5);
}
