using System.Globalization;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Embedded;

/// <summary>Whose rights PostgreSQL runs with. It refuses to run as root, so root hands it to somebody else.</summary>
/// <param name="Name">The user's name.</param>
/// <param name="UserId">The user's number.</param>
/// <param name="GroupId">The number of the user's first group.</param>
internal sealed record PostgresAccount(string Name, int UserId, int GroupId)
{
    // Debian's and everybody else's account for the server; failing that, the one that owns nothing.
    private static readonly string[] Preferred = ["postgres", "nobody"];

    private static readonly string[] SetPriv = ["/usr/bin/setpriv", "/bin/setpriv"];
    private static readonly string[] RunUser = ["/usr/sbin/runuser", "/sbin/runuser"];

    /// <summary>Null if the server's own rights will do: it is not root.</summary>
    /// <param name="dataDirectory">If it exists, its owner is the only one who can use it.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <exception cref="StartupException">There is nobody to hand it to.</exception>
    public static async Task<PostgresAccount?> ChooseAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var accounts = Accounts().ToList();
        if (Directory.Exists(dataDirectory))
        {
            var owner = await PostgresProgram.RunAsync("stat", ["-c", "%u", dataDirectory], null, cancellationToken);
            if (int.TryParse(owner.Output, CultureInfo.InvariantCulture, out var id) && id != 0 && accounts.Find(account => account.UserId == id) is { } known)
            {
                return known;
            }
        }

        return Preferred.Select(name => accounts.Find(account => account.Name == name)).FirstOrDefault(account => account is not null)
            ?? throw new StartupException("PostgreSQL does not run as root, and there is no user postgres to run it as; start the server as an ordinary user");
    }

    /// <summary>How a program is run with this account's rights, and no others.</summary>
    public (string FileName, string[] Arguments) Command(string program)
    {
        if (Array.Find(SetPriv, File.Exists) is { } setpriv)
        {
            return (setpriv, [$"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", "--", program]);
        }

        return Array.Find(RunUser, File.Exists) is { } runuser
            ? (runuser, ["-u", Name, "--", program])
            : throw new StartupException("neither setpriv nor runuser is installed, so that PostgreSQL cannot be run without root's rights");
    }

    private static IEnumerable<PostgresAccount> Accounts() =>
        from line in File.ReadLines("/etc/passwd")
        let fields = line.Split(':')
        where fields.Length >= 4
        select new PostgresAccount(fields[0], int.Parse(fields[2], CultureInfo.InvariantCulture), int.Parse(fields[3], CultureInfo.InvariantCulture));
}
