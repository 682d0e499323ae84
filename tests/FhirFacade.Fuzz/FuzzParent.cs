using System.Diagnostics;
using System.Globalization;
using System.Text;
using FhirFacade.Fuzz.Mutation;

namespace FhirFacade.Fuzz;

/// <summary>Starts the process that runs the inputs, and outlives it.</summary>
internal static class FuzzParent
{
    /// <summary>The exit code of a process that must not go on.</summary>
    public const int Fatal = 3;

    public static int Run(FuzzOptions options)
    {
        var progress = Path.GetTempFileName();
        try
        {
            var code = Start(
                options.Target.Name, "--seed", Text(options.Seed), "--minutes", Text(options.Minutes), "--inputs", Text(options.Inputs), "--progress", progress);
            if (code is 0 or 1)
            {
                return code;
            }

            var number = BitConverter.ToInt64(File.ReadAllBytes(progress));
            Report(options, number, code == Fatal ? "hung or grew" : $"ended the process with code {code}", input => Shows(options.Target, input));
            return 1;
        }
        finally
        {
            File.Delete(progress);
        }
    }

    /// <summary>Prints a finding with the smallest input that still shows it.</summary>
    public static void Report(FuzzOptions options, long number, string what, Func<byte[], bool> shows)
    {
        var whole = options.Target.Input(options.Seed, number);
        var least = Minimiser.Reduce(whole, shows);
        var file = Path.Combine(Path.GetTempPath(), $"fuzz-{options.Target.Name}-{options.Seed}-{number}");
        File.WriteAllBytes(file, least);
        Console.WriteLine($"FOUND by seed {options.Seed}, input {number} ({whole.Length} bytes, {least.Length} after reduction, kept as {file}):");
        Console.WriteLine(what);
        Console.WriteLine(least.AsSpan().ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Convert.ToBase64String(least.AsSpan()[..Math.Min(3000, least.Length)]) : Encoding.ASCII.GetString(least.AsSpan()[..Math.Min(3000, least.Length)]));
    }

    private static bool Shows(FuzzTarget target, byte[] input)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, input);
            return Start(target.Name, "--replay", file) != 0;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int Start(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(FuzzParent).Assembly.Location, .. arguments]) { RedirectStandardError = arguments.Contains("--replay"), RedirectStandardOutput = arguments.Contains("--replay") })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
