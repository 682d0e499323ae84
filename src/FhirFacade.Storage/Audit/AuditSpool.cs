using System.Text.Json;

namespace FhirFacade.Storage.Audit;

/// <summary>
/// Events that have been handed to the operating system and wait for their block: a file of lines, one an event. It outlives the process; whoever starts next on the
/// same directory puts what is left into the trail.
/// </summary>
internal sealed class AuditSpool : IDisposable
{
    private const string Pattern = "*.audit";
    private const long Large = 4 * 1024 * 1024;

    private readonly string directory;
    private readonly Lock one = new();
    private readonly Queue<(string File, long Last)> full = new();
    private FileStream current;
    private long last;

    public AuditSpool(string directory)
    {
        this.directory = directory;
        Directory.CreateDirectory(directory);
        Left = [.. Directory.EnumerateFiles(directory, Pattern).Order(StringComparer.Ordinal)];
        current = Create();
    }

    /// <summary>The files of those before, oldest first.</summary>
    public IReadOnlyList<string> Left { get; }

    /// <summary>The events in a file. A last line that was cut off was never answered.</summary>
    public static List<AuditRecord> Read(string file)
    {
        var records = new List<AuditRecord>();
        foreach (var line in File.ReadLines(file).Where(line => line.EndsWith('}')))
        {
            if (JsonSerializer.Deserialize<AuditRecord>(line) is { } record)
            {
                records.Add(record);
            }
        }

        return records;
    }

    /// <summary>Returns when the event would outlive this process.</summary>
    /// <param name="record">The event.</param>
    /// <param name="then">Is given the number of the event, in the order of the file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(AuditRecord record, Action<long> then)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(record);
        Array.Resize(ref line, line.Length + 1);
        line[^1] = (byte)'\n';
        lock (one)
        {
            current.Write(line);
            last++;
            if (current.Length > Large)
            {
                full.Enqueue((current.Name, last));
                current.Dispose();
                current = Create();
            }

            then(last);
        }
    }

    /// <summary>Forgets the events up to this number: they are in the trail.</summary>
    public void Forget(long number)
    {
        lock (one)
        {
            while (full.TryPeek(out var oldest) && oldest.Last <= number)
            {
                File.Delete(full.Dequeue().File);
            }

            if (number == last && current.Length > 0)
            {
                current.SetLength(0);
                current.Position = 0;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (one)
        {
            var (name, isEmpty) = (current.Name, current.Length == 0);
            current.Dispose();
            if (isEmpty)
            {
                File.Delete(name);
            }
        }
    }

    // No buffer of ours: what was written is the system's. Owner's eyes only.
    private FileStream Create()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new(Path.Combine(directory, $"{Guid.CreateVersion7():N}.audit"), options);
    }
}
