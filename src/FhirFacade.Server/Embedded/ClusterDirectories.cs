using System.Globalization;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Embedded;

/// <summary>The directories around the data, which belong to PostgreSQL's account and are closed to others.</summary>
internal static class ClusterDirectories
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <exception cref="StartupException">They cannot be made, or the account cannot get there.</exception>
    public static async Task PrepareAsync(ClusterFiles files, PostgresAccount? account, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new StartupException("a private PostgreSQL is not available on Windows; set Storage:ConnectionString");
        }

        foreach (var directory in new[] { files.Root, files.Socket })
        {
            try
            {
                Directory.CreateDirectory(directory, OwnerOnly);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new StartupException($"the directory {directory} cannot be made: {exception.Message}", exception);
            }

            if (account is not null)
            {
                await PostgresProgram.RunAsync(
                    "chown", [string.Create(CultureInfo.InvariantCulture, $"{account.UserId}:{account.GroupId}"), directory], null, cancellationToken);
            }

            // Also catches a directory under a well-known name in /tmp that somebody else made first.
            var reachable = await PostgresProgram.RunAsync("/bin/sh", ["-c", "test -O \"$0\" && test -x \"$0\" && test -w \"$0\"", directory], account, cancellationToken);
            if (reachable.ExitCode != 0)
            {
                throw new StartupException(account is null
                    ? $"the directory {directory} is not the current user's own; set DataDirectory to another place"
                    : $"the user {account.Name}, as whom PostgreSQL runs, cannot reach {directory}: open the directories above it (chmod o+x) or set DataDirectory to another place");
            }

            File.SetUnixFileMode(directory, OwnerOnly);
        }
    }
}
