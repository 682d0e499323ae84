using System.CommandLine;
using System.CommandLine.Invocation;
using FhirFacade.Server.Access;
using FhirFacade.Storage.Audit;
using FhirFacade.Storage.Schema;

namespace FhirFacade.Server.CommandLine;

/// <summary>A command that changes who may do what: once it is done, the audit trail is told which one it was, on what, and by whom.</summary>
internal sealed class AuditedChange(AsynchronousCommandLineAction change, string path) : AsynchronousCommandLineAction
{
    private static readonly string[] ChangeNothing = ["list", "show"];

    /// <summary>The command with every one below it, all of which are told of except those that only look.</summary>
    public static Command Of(Command command, string path = "")
    {
        path = path.Length == 0 ? command.Name : $"{path}/{command.Name}";
        if (command.Action is AsynchronousCommandLineAction action && !ChangeNothing.Contains(command.Name))
        {
            command.Action = new AuditedChange(action, path);
        }
        foreach (var inner in command.Subcommands)
        {
            Of(inner, path);
        }
        return command;
    }

    /// <inheritdoc/>
    public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
    {
        var code = await change.InvokeAsync(parseResult, cancellationToken);
        if (code != 0 || Settings.Load(parseResult).Access.Audit == AuditMode.Off)
        {
            return code;
        }
        var names = parseResult.CommandResult.Command.Arguments.Select(argument => parseResult.GetResult(argument)?.Tokens is [var token, ..] ? "/" + token.Value : "");
        await using var dataSource = DataSources.Create(Settings.Database(parseResult));
        await using var trail = new AuditWriter(dataSource);
        await trail.AppendAsync(new(
            AuditRecord.Microseconds(DateTimeOffset.UtcNow), "U", AuditKinds.Configuration, 200, "os:" + Environment.UserName, "fhirfacade-command", "", "", "", path + string.Concat(names), [], []));
        return code;
    }
}
