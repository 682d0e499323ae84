using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>A folder of feed profiles for one test.</summary>
internal sealed class FeedFolderOfTest : IDisposable
{
    public FeedFolderOfTest(params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files)
        {
            Write(name, text);
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("fhirfacade-feeds-").FullName;

    public FeedOptions Options => new() { Directory = Path, PollingInterval = TimeSpan.FromMilliseconds(500) };

    /// <summary>In one step, as a site that deploys files would.</summary>
    public void Write(string name, string text)
    {
        var draft = System.IO.Path.Combine(Path, "." + name + ".new");
        File.WriteAllText(draft, text);
        File.Move(draft, System.IO.Path.Combine(Path, name), overwrite: true);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
