using System.Globalization;
using System.Text.RegularExpressions;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Embedded;

/// <summary>An installed PostgreSQL server.</summary>
/// <param name="Directory">Where its programs are.</param>
/// <param name="Major">Its major version.</param>
internal sealed partial record PostgresBinaries(string Directory, int Major)
{
    private const int OldestMajor = 15;

    // Where Debian, Red Hat and Homebrew put their versions side by side.
    private static readonly string[] VersionedDirectories = ["/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt"];

    public string Path(string program) => System.IO.Path.Combine(Directory, program);

    /// <summary>The newest installed version, or exactly the one that made the data directory.</summary>
    /// <param name="major">The data directory's version; null if there is none yet.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <exception cref="StartupException">There is none that would do.</exception>
    public static async Task<PostgresBinaries> FindAsync(int? major, CancellationToken cancellationToken)
    {
        var found = new List<PostgresBinaries>();
        foreach (var directory in Candidates().Where(IsServer).Distinct(StringComparer.Ordinal))
        {
            var version = await PostgresProgram.RunAsync(System.IO.Path.Combine(directory, "postgres"), ["--version"], null, cancellationToken);
            if (Version().Match(version.Output) is { Success: true } match)
            {
                found.Add(new(directory, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));
            }
        }

        var newest = found.Where(binaries => major is null || binaries.Major == major).MaxBy(binaries => binaries.Major);
        return newest switch
        {
            { Major: >= OldestMajor } => newest,
            _ when major is not null => throw new StartupException(
                $"the data directory was made by PostgreSQL {major}, which is not installed (apt-get install postgresql-{major}); other versions cannot read it"),
            null => throw new StartupException(
                $"no PostgreSQL server is installed; install version {OldestMajor} or later (apt-get install postgresql) or set Storage:ConnectionString"),
            _ => throw new StartupException(
                $"PostgreSQL {newest.Major} is too old; install version {OldestMajor} or later or set Storage:ConnectionString"),
        };
    }

    private static IEnumerable<string> Candidates()
    {
        var versioned = VersionedDirectories
            .Select(root => (Parent: System.IO.Path.GetDirectoryName(root)!, Name: System.IO.Path.GetFileName(root)))
            .SelectMany(root => System.IO.Directory.Exists(root.Parent) ? System.IO.Directory.EnumerateDirectories(root.Parent, root.Name + "*") : [])
            .SelectMany(root => System.IO.Directory.EnumerateDirectories(root).Append(root))
            .Select(version => System.IO.Path.Combine(version, "bin"));
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return versioned.Concat(onPath);
    }

    private static bool IsServer(string directory) =>
        File.Exists(System.IO.Path.Combine(directory, "postgres")) && File.Exists(System.IO.Path.Combine(directory, "initdb"))
        && File.Exists(System.IO.Path.Combine(directory, "pg_ctl"));

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex Version();
}
