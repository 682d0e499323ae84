using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using System.Reflection;
using FhirFacade.Server.Configuration;
using Microsoft.AspNetCore.Connections;
using Npgsql;

namespace FhirFacade.Server.CommandLine;

/// <summary>The command line <c>fhirfacade</c>. Without a command it serves.</summary>
public static class FhirFacadeCommand
{
    /// <summary>
    /// Runs the command that <paramref name="args"/> name. Returns the exit code: 0 done, 1 failed, 2 the command line is wrong.
    /// Whatever goes wrong is said in one line on standard error.
    /// </summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"fhirfacade: {parsed.Errors[0].Message} (see --help)");
            return 2;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception error)
        {
            await Console.Error.WriteLineAsync("fhirfacade: " + OneLine(error));
            return 1;
        }
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("HL7 v2 in, FHIR R4 out.")
        {
            Settings.Config,
            Settings.Data,
            ServeCommand.Create(),
            JournalCommand.Create(),
            AuditCommand.Create(),
            MapCommand.Create(),
            SendCommand.Create(),
            TokenCommand.Create(),
            PackageCommand.Create(),
            AuditedChange.Of(UserCommand.Create()),
            AuditedChange.Of(ClientCommand.Create()),
            AuditedChange.Of(KeysCommand.Create()),
            AuditedChange.Of(BreakGlassCommand.Create()),
        };
        ServeCommand.MakeDefault(root);
        return root;
    }

    /// <summary>What an operator needs to read of an error. An unforeseen one is named by type and place only: its text could hold a patient's data.</summary>
    private static string OneLine(Exception error)
    {
        var text = error switch
        {
            StartupException => error.Message,
            IOException { InnerException: AddressInUseException } => error.Message.TrimEnd('.') + "; choose another port or stop the other program",
            PostgresException database => $"the database refused: {database.MessageText} ({database.SqlState})",
            NpgsqlException { InnerException: SocketException or IOException } => "the database cannot be reached: " + error.InnerException!.Message,
            NpgsqlException => "the database cannot be used: " + error.Message,
            SocketException or IOException or UnauthorizedAccessException => error.Message,
            OperationCanceledException => "cancelled",
            _ => $"internal error, please report it: {error.GetType().Name} in {Place(error)}",
        };
        return text.ReplaceLineEndings(" ");
    }

    // Where it was thrown, and the nearest code of our own that led there.
    private static string Place(Exception error)
    {
        var methods = new StackTrace(error).GetFrames().Select(static frame => frame.GetMethod()).Where(static method => method?.DeclaringType is not null).ToList();
        var ours = methods.Find(static method => method!.DeclaringType!.FullName!.StartsWith(nameof(FhirFacade), StringComparison.Ordinal));
        return string.Join(", called from ", new[] { methods.FirstOrDefault(), ours }.OfType<MethodBase>().Distinct().Select(static method => $"{method.DeclaringType}.{method.Name}"));
    }
}
