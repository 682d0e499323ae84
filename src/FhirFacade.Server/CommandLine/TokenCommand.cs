using System.CommandLine;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;

namespace FhirFacade.Server.CommandLine;

/// <summary><c>fhirfacade token</c>: signs a development token with the local server's key; only under the demo switch.</summary>
internal static class TokenCommand
{
    private static readonly Option<string> Scope = new("--scope") { Description = "SMART scopes, space separated", HelpName = "SCOPES", Required = true };
    private static readonly Option<string?> Patient = new("--patient") { Description = "id of the patient in context, for patient/ scopes", HelpName = "ID" };
    private static readonly Option<int> Expires = new("--expires") { Description = "seconds until it expires", HelpName = "SECONDS", DefaultValueFactory = _ => 3600 };

    public static Command Create()
    {
        var command = new Command("token", "Sign a development token (demo only).") { Scope, Patient, Expires };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult line)
    {
        var (options, _) = Settings.LoadForRunning(line);
        var token = DevelopmentToken.Issue(
            SmartSettings.From(options), line.GetValue(Scope)!, line.GetValue(Patient), TimeSpan.FromSeconds(line.GetValue(Expires)))
            ?? throw new StartupException("development tokens are only signed where the server runs with --demo and issues its own tokens");
        Console.WriteLine(token);
        return 0;
    }
}
