using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Ingest;

/// <summary>Has the catalog read its folder when it changes: told by the operating system, and by a look from time to time where that says nothing.</summary>
internal sealed class FeedWatch(FeedCatalog catalog, ServerOptions options, TimeProvider clock, ILogger<FeedWatch> log) : BackgroundService
{
    // An editor writes a file in several steps, and a site copies several files.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Report();
        using var changed = new SemaphoreSlim(0, 1);
        using var watcher = Watch(changed);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await changed.WaitAsync(options.Feeds.PollingInterval, stoppingToken))
                {
                    await Task.Delay(Settling, clock, stoppingToken);
                    changed.Wait(0, CancellationToken.None);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (catalog.Reload())
            {
                Report();
            }
        }
    }

    private void Report()
    {
        foreach (var feed in catalog.Current.Feeds)
        {
            FeedLog.ProfileInForce(log, feed.Profile.Name, feed.Profile.Version);
        }

        foreach (var problem in catalog.Problems)
        {
            FeedLog.ProfileRefused(log, problem.File, problem.Line, problem.Reason);
        }
    }

    // Null where there is nothing to watch, or no way to: then only the look from time to time finds a change.
    private FileSystemWatcher? Watch(SemaphoreSlim changed)
    {
        if (!Directory.Exists(catalog.Folder))
        {
            return null;
        }

        void Tell(object sender, EventArgs change)
        {
            lock (changed)
            {
                if (changed.CurrentCount == 0)
                {
                    changed.Release();
                }
            }
        }

        try
        {
            var watcher = new FileSystemWatcher(catalog.Folder);
            watcher.Changed += Tell;
            watcher.Created += Tell;
            watcher.Deleted += Tell;
            watcher.Renamed += Tell;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (IOException error)
        {
            FeedLog.NotWatched(log, error.Message);
            return null;
        }
    }
}
