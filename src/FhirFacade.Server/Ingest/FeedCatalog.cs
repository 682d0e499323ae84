using System.Collections.Immutable;
using FhirFacade.Server.Configuration;
using FhirFacade.Translation;
using FhirFacade.Translation.Profiles;

namespace FhirFacade.Server.Ingest;

/// <summary>
/// The feed profiles in force, and why others are not. Whoever takes <see cref="Current"/> keeps it: a change of the folder is for the messages
/// that come to be translated after it.
/// </summary>
internal sealed class FeedCatalog
{
    private readonly FeedFolder folder;
    private readonly FeedProfile defaults;
    private volatile State state;

    private FeedCatalog(FeedFolder folder, FeedProfile defaults, State state) => (this.folder, this.defaults, this.state) = (folder, defaults, state);

    /// <summary>What messages are translated with from now on.</summary>
    public FeedSet Current => state.Feeds;

    /// <summary>What is wrong with the files in the folder; empty if all of them are in force.</summary>
    public ImmutableArray<ProfileProblem> Problems => state.Problems;

    /// <summary>The folder.</summary>
    public string Folder => folder.Path;

    /// <summary>Reads the folder.</summary>
    /// <exception cref="StartupException">A profile is wrong: at the start there is no older one that could stay in force.</exception>
    public static FeedCatalog Load(ServerOptions options)
    {
        var catalog = Inspect(options);
        return catalog.Problems.IsEmpty
            ? catalog
            : throw new StartupException($"feed profiles in {catalog.Folder}: {catalog.Problems[0]}{(catalog.Problems.Length > 1 ? $" (and {catalog.Problems.Length - 1} more: map check)" : "")}");
    }

    /// <summary>Reads the folder and takes of it what is right.</summary>
    public static FeedCatalog Inspect(ServerOptions options)
    {
        var defaults = new FeedProfile(TimeZoneInfo.FindSystemTimeZoneById(options.Ingest.TimeZone), options.Ingest.DefaultAuthority) { Lineage = options.Ingest.Lineage };
        var folder = FeedFolder.Of(options);
        return new(folder, defaults, Read(folder, defaults, null));
    }

    /// <summary>Reads the folder again if it has changed.</summary>
    /// <returns>False if nothing has changed, or it cannot be read; then all stays as it is.</returns>
    public bool Reload()
    {
        var before = state;
        try
        {
            if (folder.Signature() == before.Signature)
            {
                return false;
            }

            state = Read(folder, defaults, before.Feeds);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            state = before with { Problems = [new(folder.Path, 0, $"it cannot be read: {error.Message}")] };
            return !before.Problems.SequenceEqual(state.Problems);
        }
    }

    // The signature first: what changes while it is read is read once more.
    private static State Read(FeedFolder folder, FeedProfile defaults, FeedSet? before)
    {
        var signature = folder.Signature();
        return new(FeedSetBuilder.Build(folder.Read(), defaults, before, out var problems), problems, signature);
    }

    private sealed record State(FeedSet Feeds, ImmutableArray<ProfileProblem> Problems, string Signature);
}
