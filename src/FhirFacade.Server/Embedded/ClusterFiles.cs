using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Embedded;

/// <summary>The names of everything that belongs to the cluster.</summary>
/// <param name="Root">Belongs to the account that PostgreSQL runs as.</param>
internal sealed record ClusterFiles(string Root)
{
    // The address of a Unix socket holds 107 bytes, of which the file's own name takes 14.
    private const int LongestSocketDirectory = 90;

    /// <summary>The data directory.</summary>
    public string Data => Path.Combine(Root, "data");

    /// <summary>A data directory in the making; becomes <see cref="Data"/> when it is complete.</summary>
    public string Unfinished => Path.Combine(Root, "data.unfinished");

    /// <summary>What PostgreSQL says.</summary>
    public string Log => Path.Combine(Root, "postgres.log");

    /// <summary>PostgreSQL's note of its process.</summary>
    public string PidFile => Path.Combine(Data, "postmaster.pid");

    /// <summary>Where the socket is: beside the data, or under a short name of its own if that path is too long for a socket.</summary>
    public string Socket
    {
        get
        {
            var beside = Path.Combine(Root, "socket");
            return Encoding.UTF8.GetByteCount(beside) <= LongestSocketDirectory ? beside
                : Path.Combine(Path.GetTempPath(), "fhirfacade-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..16]);
        }
    }

    /// <summary>The major version that made the data directory; null if there is none yet.</summary>
    /// <exception cref="StartupException">There is something, but no cluster.</exception>
    public int? Version()
    {
        if (!Directory.Exists(Data) || !Directory.EnumerateFileSystemEntries(Data).Any())
        {
            return null;
        }

        var file = Path.Combine(Data, "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var major) ? major
            : throw new StartupException($"{Data} is damaged: it has no readable PG_VERSION; restore it from a backup, or move it away to begin anew");
    }
}
