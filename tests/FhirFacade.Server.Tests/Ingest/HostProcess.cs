using System.Diagnostics;
using System.Text;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>The program as its users run it: a process of its own.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly string Program = typeof(ServerOptions).Assembly.Location;

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("the server ended: " + Output));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Out, string Error)> RunAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        if (arguments is ["send", var file, ..] && File.Exists(file))
        {
            Confided.Note(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }

        using var process = Process.Start(Start(arguments, environment))!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts the server and returns once it says that it is ready.</summary>
    public static async Task<HostProcess> ServeAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        var host = new HostProcess(new Process { StartInfo = Start(["serve", .. arguments], environment), EnableRaisingEvents = true });
        try
        {
            await host.ready.Task.WaitAsync(TestContext.Current.CancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it without any chance to clean up: SIGKILL.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Ends it as Ctrl-C does and returns its exit code.</summary>
    public async Task<int> InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
    }

    private static ProcessStartInfo Start(string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment["FhirFacade__" + name] = value;
        }

        return start;
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        Overheard.Say("the server's console", line);
        lock (output)
        {
            output.AppendLine(line);
        }

        if (line.Contains("is ready", StringComparison.Ordinal))
        {
            ready.TrySetResult();
        }
    }
}
