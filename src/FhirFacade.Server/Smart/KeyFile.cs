using System.Security.Cryptography;

namespace FhirFacade.Server.Smart;

/// <summary>Secrets that the server makes for itself once and keeps in files only its own user can read.</summary>
public static class KeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The content of the file; it is created from <paramref name="make"/> when absent.</summary>
    /// <remarks>Several processes may start at once: the first file to be there wins, and every process reads that one.</remarks>
    /// <exception cref="IOException">The file cannot be read or written, or others than its owner may read it.</exception>
    public static byte[] ReadOrCreate(string path, Func<byte[]> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        if (!File.Exists(path))
        {
            Create(path, make());
        }
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
        {
            throw new IOException($"key file {path} may be read by others than its owner: restrict it to mode 0600, or delete it to have a new one made");
        }
        return File.ReadAllBytes(path);
    }

    private static void Create(string path, byte[] content)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        }
        var temporary = $"{path}.{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }
        using (var file = new FileStream(temporary, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);     // another process was first
        }
    }
}
