using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Embedded;

/// <summary>Makes a data directory: with checksums, in UTF-8, sorted by bytes.</summary>
internal static class NewCluster
{
    /// <summary>Either the data directory is complete afterwards, or it is not there.</summary>
    /// <exception cref="StartupException">It cannot be made.</exception>
    public static async Task CreateAsync(ClusterFiles files, PostgresBinaries binaries, PostgresAccount? account, CancellationToken cancellationToken)
    {
        if (Directory.Exists(files.Unfinished))
        {
            Directory.Delete(files.Unfinished, recursive: true);
        }

        var made = await PostgresProgram.RunAsync(
            binaries.Path("initdb"),
            ["--pgdata", files.Unfinished, "--username", ClusterSettings.Owner, "--data-checksums", "--encoding=UTF8", "--locale=C", "--auth=peer"],
            account,
            cancellationToken);
        if (made.ExitCode != 0)
        {
            throw new StartupException($"PostgreSQL cannot make its data directory under {files.Root}: {made.Reason}");
        }

        await File.AppendAllTextAsync(
            Path.Combine(files.Unfinished, "postgresql.conf"),
            $"\n# Wins over everything above, and is written anew at each start; what is added below it wins over both.\ninclude = '{ClusterSettings.FileName}'\n",
            cancellationToken);
        if (Directory.Exists(files.Data))
        {
            Directory.Delete(files.Data);
        }

        Directory.Move(files.Unfinished, files.Data);
    }
}
