using System.CommandLine;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Schema;

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
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var settings = SmartSettings.From(Settings.LoadForRunning(line).Options);
        if (!settings.Demo || settings.Authority is not null)
        {
            throw Refused();
        }

        await using var dataSource = DataSources.Create(Settings.Database(line));
        using var keys = KeysCommand.Open(dataSource, settings);
        await keys.LoadAsync(cancellationToken);
        var token = DevelopmentToken.Issue(
            new AccessTokens(settings, keys, TimeProvider.System), settings, line.GetValue(Scope)!, line.GetValue(Patient), TimeSpan.FromSeconds(line.GetValue(Expires)));
        Console.WriteLine(token ?? throw Refused());
        return 0;
    }

    private static StartupException Refused() => new("development tokens are only signed where the server runs with --demo and issues its own tokens");
}
