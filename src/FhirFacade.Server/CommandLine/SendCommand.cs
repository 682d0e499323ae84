using System.CommandLine;
using System.Collections.Immutable;
using Spectre.Console;

namespace FhirFacade.Server.CommandLine;

/// <summary><c>fhirfacade send</c>: sends files of HL7 v2 messages to an MLLP port and reports what was not accepted.</summary>
internal static class SendCommand
{
    private static readonly Argument<string[]> Files = new("files") { Description = "files, or directories of *.hl7 files", HelpName = "FILE", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Host = new("--host") { Description = "server (default: the one that runs here)", HelpName = "NAME" };
    private static readonly Option<int?> Port = new("--port") { Description = "its MLLP port (default: the one that runs here)", HelpName = "PORT" };
    private static readonly Option<double> Rate = new("--rate") { Description = "messages a second (default: no limit)", HelpName = "N" };
    private static readonly Option<int> Connections = new("--connections") { Description = "connections; one patient's messages stay on one", HelpName = "N", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Repeat = new("--repeat") { Description = "how often to send all of it, with new control ids from the second time on", HelpName = "N", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Verbatim = new("--verbatim") { Description = "leave line feeds as they are in the files" };

    public static Command Create()
    {
        foreach (var option in new[] { Connections, Repeat })
        {
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1)
                {
                    result.AddError($"{option.Name} must be at least 1");
                }
            });
        }

        var command = new Command("send", "Send HL7 v2 files over MLLP.") { Files, Host, Port, Rate, Connections, Repeat, Verbatim };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var (options, running) = Settings.LoadForRunning(line);
        var sending = new Sending(
            line.GetValue(Host) ?? running?.MllpAddress ?? options.Mllp.Address,
            line.GetValue(Port) ?? running?.MllpPort ?? options.Mllp.Port,
            line.GetValue(Connections),
            line.GetValue(Rate),
            line.GetValue(Repeat));
        var messages = FeedFiles.Read(line.GetValue(Files)!, line.GetValue(Verbatim));

        var report = Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive
            ? await sending.RunAsync(messages, () => { }, cancellationToken)
            : await ShowAsync(sending, messages, cancellationToken);

        foreach (var refused in report.Refused)
        {
            await Console.Error.WriteLineAsync(refused);
        }

        Console.WriteLine(report);
        return report.Refused.IsEmpty ? 0 : 1;
    }

    private static Task<SendReport> ShowAsync(Sending sending, ImmutableArray<FeedMessage> messages, CancellationToken cancellationToken) =>
        AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var task = context.AddTask("sending", maxValue: (double)messages.Length * sending.Repeat);
                return sending.RunAsync(messages, () => task.Increment(1), cancellationToken);
            });
}
