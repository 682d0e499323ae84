using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>
/// Processor time of this process and of one PostgreSQL server with all its processes: it says what work costs even where others use the machine (proc(5), Linux only).
/// </summary>
internal sealed class ProcessorTime
{
    private readonly string server;

    private ProcessorTime(string server) => this.server = server;

    /// <summary>For the server of a data source.</summary>
    public static async Task<ProcessorTime> OfAsync(NpgsqlDataSource dataSource)
    {
        await using var command = dataSource.CreateCommand("select pg_backend_pid()");
        return new(Fields($"/proc/{await command.ExecuteScalarAsync()}/stat")![1]);
    }

    /// <summary>So far, in microseconds: of this process, and of PostgreSQL.</summary>
    public (double Own, double Database) Now()
    {
        var ticks = Directory.EnumerateDirectories("/proc").Where(name => char.IsAsciiDigit(Path.GetFileName(name)[0]))
            .Select(name => Fields(name + "/stat") is { } fields && (fields[1] == server || Path.GetFileName(name) == server) ? Number(fields[11]) + Number(fields[12]) : 0).Sum();
        return (Process.GetCurrentProcess().TotalProcessorTime.TotalMicroseconds, ticks * 10_000.0);
    }

    /// <summary>What the thread that asks has taken, in microseconds.</summary>
    public static double OfThisThread() => Number(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0]) / 1000.0;

    // State, parent ...; utime and stime, in hundredths of a second, are the twelfth and thirteenth. Null for a process that has ended meanwhile.
    private static string[]? Fields(string file)
    {
        try
        {
            var stat = File.ReadAllText(file);
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
