using System.Text.Json;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server;

/// <summary>
/// What a running server tells the commands that are started beside it, as <c>run/server.json</c> in the data directory.
/// Readable by its own user only.
/// </summary>
/// <param name="Pid">The server's process.</param>
/// <param name="Http">Where it answers HTTP.</param>
/// <param name="MllpAddress">Where it listens for MLLP.</param>
/// <param name="MllpPort">The port of <paramref name="MllpAddress"/>, or negative.</param>
/// <param name="Demo">Whether the demo switch is on.</param>
/// <param name="ConnectionString">How to reach its private database; null if the database is not its own.</param>
public sealed record RunFile(int Pid, string Http, string MllpAddress, int MllpPort, bool Demo, string? ConnectionString)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Claims the data directory for this process until the result is disposed, also against a kill.</summary>
    /// <exception cref="StartupException">Another server has it, or it cannot be written.</exception>
    public static IDisposable Claim(ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            Directory.CreateDirectory(Folder(options));
            return new FileStream(Path.Combine(Folder(options), "server.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (File.Exists(Path.Combine(Folder(options), "server.lock")))
        {
            throw new StartupException($"a server already runs on {options.DataPath}; stop it or choose another directory with --data", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"the data directory {options.DataPath} cannot be written: {error.Message}", error);
        }
    }

    /// <summary>The server that runs on this data directory; null if none does.</summary>
    public static RunFile? Find(ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var path = PathOf(options);
        return File.Exists(path) && IsClaimed(options) ? JsonSerializer.Deserialize<RunFile>(File.ReadAllText(path), Json) : null;
    }

    /// <summary>Writes the file.</summary>
    public void Write(ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var stream = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            stream.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        File.Delete(PathOf(options));
        using var file = new FileStream(PathOf(options), stream);
        JsonSerializer.Serialize(file, this, Json);
    }

    /// <summary>Removes the file.</summary>
    public static void Remove(ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        File.Delete(PathOf(options));
    }

    private static bool IsClaimed(ServerOptions options)
    {
        try
        {
            using var claim = new FileStream(Path.Combine(Folder(options), "server.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static string Folder(ServerOptions options) => Path.Combine(options.DataPath, "run");

    private static string PathOf(ServerOptions options) => Path.Combine(Folder(options), "server.json");
}
