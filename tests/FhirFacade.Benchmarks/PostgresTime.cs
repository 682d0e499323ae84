using System.Globalization;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>The processor time of one cluster of PostgreSQL on this machine, whatever others run here.</summary>
internal sealed class PostgresTime
{
    private readonly string postmaster;

    private PostgresTime(string postmaster) => this.postmaster = postmaster;

    /// <summary>Of the cluster that a database is in.</summary>
    public static async Task<PostgresTime> OfAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select pg_backend_pid()");
        var backend = (int)(await command.ExecuteScalarAsync())!;
        return new(Fields(string.Create(CultureInfo.InvariantCulture, $"/proc/{backend}/stat"))[Parent]);
    }

    // Fields of proc(5), stat, after the name: parent, then times of the process and of its children that have ended, in hundredths of a second.
    private const int Parent = 1;
    private const int Own = 11;
    private const int Ended = 13;

    /// <summary>The seconds that it has used so far.</summary>
    public double Seconds()
    {
        long ticks = 0;
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(name => char.IsAsciiDigit(Path.GetFileName(name)[0])))
        {
            try
            {
                var fields = Fields(process + "/stat");
                var isPostmaster = Path.GetFileName(process) == postmaster;
                ticks += isPostmaster || fields[Parent] == postmaster ? Sum(fields, Own) + (isPostmaster ? Sum(fields, Ended) : 0) : 0;
            }
            catch (IOException)
            {
                // It has ended meanwhile.
                continue;
            }
        }
        return ticks / 100.0;
    }

    private static long Sum(string[] fields, int first) => long.Parse(fields[first], CultureInfo.InvariantCulture) + long.Parse(fields[first + 1], CultureInfo.InvariantCulture);

    private static string[] Fields(string path)
    {
        var stat = File.ReadAllText(path);
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }
}
