using System.ComponentModel;
using System.Diagnostics;

namespace FhirFacade.TestSupport;

/// <summary>A program that tests start and wait for, such as npm.</summary>
public static class ExternalProgram
{
    /// <summary>Exit code and all that it printed; -1 where the program is not installed.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string folder, string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode, await output + (process.ExitCode == 0 ? "" : await error));
        }
        catch (Win32Exception)
        {
            return (-1, $"{program} is not installed");
        }
    }
}
