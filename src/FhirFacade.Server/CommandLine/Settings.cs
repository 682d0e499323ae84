using System.CommandLine;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.CommandLine;

/// <summary>The options by which every command finds its settings, and through them the running server.</summary>
internal static class Settings
{
    public static readonly Option<string?> Config = new("--config")
    {
        Description = $"configuration file (default: {ServerConfiguration.DefaultFile} if it is there)",
        HelpName = "FILE",
        Recursive = true,
    };

    public static readonly Option<string?> Data = new("--data")
    {
        Description = "directory for the private database, keys and run files (default: var)",
        HelpName = "DIR",
        Recursive = true,
    };

    /// <summary>The settings for this command line.</summary>
    public static ServerOptions Load(ParseResult line, params KeyValuePair<string, string?>[] more) =>
        ServerConfiguration.Load(line.GetValue(Config), [new("DataDirectory", line.GetValue(Data)), .. more]);

    /// <summary>How to reach the database: the one that is set, else that of the server that runs on the data directory.</summary>
    /// <exception cref="StartupException">Neither is there.</exception>
    public static string Database(ParseResult line)
    {
        var (options, running) = LoadForRunning(line);
        return options.Storage.ConnectionString ?? running?.ConnectionString
            ?? throw new StartupException($"no server runs on {options.DataPath}, and Storage:ConnectionString is not set");
    }

    /// <summary>The settings for this command line, with what a server that runs on the same data directory says of itself.</summary>
    public static (ServerOptions Options, RunFile? Running) LoadForRunning(ParseResult line)
    {
        var options = Load(line);
        return RunFile.Find(options) is { } running
            ? (Load(line, new("Http:Url", running.Http), new("Demo", running.Demo ? "true" : "false")), running)
            : (options, null);
    }
}
