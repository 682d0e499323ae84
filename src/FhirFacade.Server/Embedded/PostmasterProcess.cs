using System.Diagnostics;
using System.Globalization;

namespace FhirFacade.Server.Embedded;

/// <summary>The running server of a cluster, as far as its notes and the system tell.</summary>
internal static class PostmasterProcess
{
    /// <summary>The process that serves the cluster, started by us or left over from a host that was killed; null if there is none.</summary>
    public static int? Find(ClusterFiles files) =>
        Noted(files) is { } process && IsOf(files, process) ? process : null;

    /// <summary>
    /// Removes a note whose process is somebody else's by now, and which would keep the server from starting. While any process
    /// still uses the data directory it stays.
    /// </summary>
    public static void RemoveStaleNote(ClusterFiles files)
    {
        if (Noted(files) is { } process && IsAlive(process) && Directory.Exists("/proc/self") && !Users(files).Any())
        {
            File.Delete(files.PidFile);
        }
    }

    /// <summary>True if there is such a process, and it is more than a body that nobody has collected yet.</summary>
    public static bool IsAlive(int process)
    {
        if (Directory.Exists("/proc/self"))
        {
            return State(process) is { } state && state is not ('Z' or 'X');
        }

        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // proc(5): the state stands behind the name, which is in parentheses and may hold anything.
    private static char? State(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int? Noted(ClusterFiles files)
    {
        try
        {
            return int.TryParse(File.ReadLines(files.PidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out var process) ? process : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // Every process of the server stands in the data directory. Where the system does not tell, a living process is taken for ours.
    private static bool IsOf(ClusterFiles files, int process) =>
        IsAlive(process) && (!Directory.Exists("/proc/self") || Users(files).Contains(process));

    private static IEnumerable<int> Users(ClusterFiles files)
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var process) && StandsIn(directory) == files.Data)
            {
                yield return process;
            }
        }
    }

    private static string? StandsIn(string process)
    {
        try
        {
            return new FileInfo(Path.Combine(process, "cwd")).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
