using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FhirFacade.TestSupport;

/// <summary>
/// What the servers of this test process say outside of their answers: log lines at every level, scopes and exceptions in them, labels of metrics, tags of traces, and what
/// started programs print, what errors say and where answers lead. Patients of tests are called, live and say <see cref="Canary"/>, and whatever else a test tells a server of people is
/// remembered (<see cref="Confided"/>); none of it may be heard there.
/// </summary>
public static class Overheard
{
    /// <summary>In any case, within any word.</summary>
    public const string Canary = "canary";

    private static readonly ConcurrentQueue<string> songs = [];
    private static readonly ConcurrentQueue<(string Word, string Said)> told = [];
    private static readonly Lock once = new();
    private static MeterListener? meters;
    private static ActivityListener? activities;
    private static int lines;

    /// <summary>Where a canary was heard, and what was said.</summary>
    public static IReadOnlyCollection<string> Songs => songs;

    /// <summary>How much was listened to.</summary>
    public static int Lines => lines;

    /// <summary>Listens to a server from now on.</summary>
    public static void Listen(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        lock (once)
        {
            meters ??= Meters();
            activities ??= Activities();
        }

        // What the product filters out of other libraries stays out; of itself, everything is heard.
        services.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>().CurrentValue.Rules.Add(new LoggerFilterRule(typeof(LogEars).FullName, "FhirFacade", LogLevel.Trace, null));
        services.GetRequiredService<ILoggerFactory>().AddProvider(new LogEars());
    }

    /// <summary>Takes note of something that was said.</summary>
    public static void Say(string where, string? said)
    {
        Interlocked.Increment(ref lines);
        if (said?.Contains(Canary, StringComparison.OrdinalIgnoreCase) == true)
        {
            songs.Enqueue($"{where}: {said}");
        }

        if (Confided.In(said) is { } word)
        {
            told.Enqueue((word, $"{where}: {said}"));
        }
    }

    /// <summary>Takes note of an answer: what an error says, and addresses that it leads to.</summary>
    public static void Say(string where, int status, string body, params IEnumerable<string?> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        if (status >= 400 && Confided.In(body) is { } word)
        {
            told.Enqueue((word, $"the {status} of {where}: {body}"));
        }

        foreach (var address in addresses)
        {
            if (Confided.In(address) is { } led)
            {
                told.Enqueue((led, $"an answer to {where} leads to {address}"));
            }
        }
    }

    /// <summary>Fails if a canary was heard.</summary>
    /// <exception cref="InvalidOperationException">It says where.</exception>
    public static void Verify()
    {
        if (songs.IsEmpty && told.IsEmpty)
        {
            return;
        }

        var words = told.GroupBy(heard => heard.Word).Select(heard => $"{heard.Key}, {heard.Count()} times, first in {heard.First().Said}");
        throw new InvalidOperationException($"{songs.Count + told.Count} times something of a patient was written down: {string.Join("\n", songs.Distinct().Take(10).Concat(words.Take(20)))}");
    }

    private static MeterListener Meters()
    {
        var listener = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Say(instrument, tags));
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Say(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Say(instrument, tags));
        listener.Start();
        return listener;
    }

    private static void Say(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            Say($"{instrument.Name} {name}", value?.ToString());
        }
    }

    // The spans of the tests' own requests are not the product's.
    private static ActivityListener Activities()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name != "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                Say("span", activity.DisplayName);
                foreach (var (name, value) in activity.TagObjects.Concat(activity.Events.SelectMany(e => e.Tags)))
                {
                    Say($"span {activity.DisplayName} {name}", value?.ToString());
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
