using System.CommandLine;
using System.Globalization;

namespace FhirFacade.Server.CommandLine;

/// <summary><c>fhirfacade serve</c>: starts the server and stays until it is told to stop.</summary>
internal static class ServeCommand
{
    private static readonly Option<string?> Url = new("--http") { Description = "where to listen for HTTP (default: http://127.0.0.1:8080)", HelpName = "URL" };
    private static readonly Option<int?> Port = new("--mllp-port") { Description = "where to listen for MLLP (default: 2575)", HelpName = "PORT" };
    private static readonly Option<bool> Demo = new("--demo") { Description = "open what only a demonstration may have" };
    private static readonly Option<string?> Play = new("--play") { Description = "send the messages of this directory to the MLLP port once it is open", HelpName = "DIR" };

    public static Command Create()
    {
        var command = new Command("serve", "Start the server (default).") { Url, Port, Demo, Play };
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>Makes <paramref name="root"/> serve when no command is given.</summary>
    public static void MakeDefault(RootCommand root)
    {
        foreach (var option in new Option[] { Url, Port, Demo, Play })
        {
            root.Options.Add(option);
        }

        root.SetAction(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var options = Settings.Load(
            line,
            new("Http:Url", line.GetValue(Url)),
            new("Mllp:Port", line.GetValue(Port)?.ToString(CultureInfo.InvariantCulture)),
            new("Demo", line.GetValue(Demo) ? "true" : null));
        var play = line.GetValue(Play);
        await ServerProcess.RunAsync(
            options,
            async (running, services, stopping) =>
            {
                Banner.Write(running);
                if (play is not null)
                {
                    await Demonstration.PlayAsync(running, options.DataPath, play, services, stopping);
                }
            },
            cancellationToken);
        return 0;
    }
}
