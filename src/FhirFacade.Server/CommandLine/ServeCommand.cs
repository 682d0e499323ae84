using System.CommandLine;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.CommandLine;

/// <summary><c>fhirfacade serve</c>: starts the server and stays until it is told to stop.</summary>
internal static class ServeCommand
{
    private static readonly Option<string?> Config = new("--config") { Description = $"configuration file (default: {ServerConfiguration.DefaultFile} if it is there)", HelpName = "FILE" };
    private static readonly Option<string?> Url = new("--http") { Description = "where to listen for HTTP", HelpName = "URL" };
    private static readonly Option<int?> Port = new("--mllp-port") { Description = "where to listen for MLLP", HelpName = "PORT" };
    private static readonly Option<string?> Data = new("--data") { Description = "directory for the private database, keys and run files", HelpName = "DIR" };
    private static readonly Option<bool> Demo = new("--demo") { Description = "open what only a demonstration may have" };

    public static Command Create()
    {
        var command = new Command("serve", "Start the server (default).") { Config, Url, Port, Data, Demo };
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>Makes <paramref name="root"/> serve when no command is given.</summary>
    public static void MakeDefault(RootCommand root)
    {
        foreach (var option in new Option[] { Config, Url, Port, Data, Demo })
            root.Options.Add(option);
        root.SetAction(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var options = ServerConfiguration.Load(line.GetValue(Config),
        [
            new("Http:Url", line.GetValue(Url)),
            new("Mllp:Port", line.GetValue(Port)?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new("DataDirectory", line.GetValue(Data)),
            new("Demo", line.GetValue(Demo) ? "true" : null),
        ]);
        await ServerProcess.RunAsync(options, cancellationToken);
        return 0;
    }
}
