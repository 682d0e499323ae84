using System.ComponentModel;
using System.Diagnostics;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Embedded;

/// <summary>Runs one of PostgreSQL's programs to its end.</summary>
internal static class PostgresProgram
{
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="account">Whose rights it gets; null for our own.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="StartupException">It cannot be run at all.</exception>
    public static async Task<Result> RunAsync(string program, IReadOnlyList<string> arguments, PostgresAccount? account, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        (start.FileName, var prefix) = account is null ? (program, []) : account.Command(program);
        foreach (var argument in prefix.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        // What is set for the operator's own client must not steer this cluster; messages are matched in English.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start) ?? throw new StartupException($"{start.FileName} cannot be run");
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await process.WaitForExitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                throw;
            }

            return new(process.ExitCode, await output, await error);
        }
        catch (Win32Exception exception)
        {
            throw new StartupException($"{start.FileName} cannot be run: {exception.Message}", exception);
        }
    }

    /// <summary>How it ended.</summary>
    public sealed record Result(int ExitCode, string Output, string Error)
    {
        /// <summary>The line that says why it failed.</summary>
        public string Reason => LogTail.Reason(Error + "\n" + Output);
    }
}
