using System.Diagnostics;

namespace FhirFacade.Fuzz;

/// <summary>Runs inputs one after the other on a thread of its own, whose stack is no larger than a server's.</summary>
/// <param name="target">What is fed.</param>
/// <param name="seed">Of the inputs.</param>
public sealed class FuzzRun(FuzzTarget target, int seed)
{
    private const int StackBytes = 1 << 20;
    private const int TickMilliseconds = 100;

    // Ticks rather than time: a process that is held up as a whole has not hung.
    private const int MostTicks = 100;
    private const int InputsBetweenLooks = 2000;
    private const long MostGrowth = 192L << 20;
    private const long MostAllocated = 512L << 20;

    private long _number;
    private long _ticksAtStart;
    private long _ticks;
    private long _baseline = -1;
    private FuzzFinding? _finding;

    /// <summary>How many inputs have been run.</summary>
    public long Done { get; private set; }

    /// <summary>How many of them were let in.</summary>
    public long LetIn { get; private set; }

    /// <summary>The longest that an input took.</summary>
    public (TimeSpan Time, long Number) Slowest { get; private set; }

    /// <summary>The most that an input allocated, in bytes.</summary>
    public (long Bytes, long Number) Hungriest { get; private set; }

    /// <summary>Bytes that live after a collection: at the first look and at the last.</summary>
    public (long First, long Last) Heap { get; private set; }

    /// <summary>Runs until a finding, or until time or inputs are used up; null where nothing was found.</summary>
    /// <param name="time">For all inputs together.</param>
    /// <param name="inputs">Greatest number of them.</param>
    /// <param name="started">Called before each input with its number.</param>
    public FuzzFinding? For(TimeSpan time, long inputs, Action<long>? started = null)
    {
        var clock = Stopwatch.StartNew();
        var thread = new Thread(() => All(clock, time, inputs, started), StackBytes) { IsBackground = true };
        thread.Start();
        while (!thread.Join(TickMilliseconds))
        {
            if (Interlocked.Increment(ref _ticks) - Interlocked.Read(ref _ticksAtStart) > MostTicks && !Debugger.IsAttached)
            {
                return new FuzzFinding(Interlocked.Read(ref _number), $"takes longer than {MostTicks * TickMilliseconds / 1000} s", IsFatal: true);
            }
        }

        return _finding;
    }

    /// <summary>What an input does; null where nothing is wrong with it.</summary>
    public static string? Try(FuzzTarget target, byte[] input) => Try(target, input, out _);

    private static string? Try(FuzzTarget target, byte[] input, out bool isLetIn)
    {
        isLetIn = false;
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            isLetIn = target.Feed(input);
        }
        catch (Exception exception)
        {
            var place = new StackTrace(exception).GetFrames().Select(frame => frame.GetMethod()).FirstOrDefault(method => method?.DeclaringType?.FullName?.StartsWith("FhirFacade.Fhir", StringComparison.Ordinal) == true);
            return $"{exception.GetType().Name} in {place?.DeclaringType?.Name}.{place?.Name}: {exception.Message}";
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated > MostAllocated ? $"allocates more than {MostAllocated >> 20} MiB for {input.Length} bytes" : null;
    }

    private void All(Stopwatch clock, TimeSpan time, long inputs, Action<long>? started)
    {
        for (var number = 0L; number < inputs && clock.Elapsed < time && _finding is null; number++)
        {
            Interlocked.Exchange(ref _number, number);
            Interlocked.Exchange(ref _ticksAtStart, Interlocked.Read(ref _ticks));
            started?.Invoke(number);
            One(number);
            Done = number + 1;
            if (Done % InputsBetweenLooks == 0)
            {
                LookAtHeap(number);
            }
        }
    }

    private void One(long number)
    {
        var input = target.Input(seed, number);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        var what = Try(target, input, out var isLetIn);
        LetIn += isLetIn ? 1 : 0;
        var took = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Slowest = took > Slowest.Time ? (took, number) : Slowest;
        Hungriest = allocated > Hungriest.Bytes ? (allocated, number) : Hungriest;
        if (what is not null)
        {
            _finding = new FuzzFinding(number, what);
        }
    }

    private void LookAtHeap(long number)
    {
        GC.Collect();
        var living = GC.GetTotalMemory(forceFullCollection: true);
        _baseline = _baseline < 0 ? living : _baseline;
        Heap = (_baseline, living);
        if (living > _baseline + MostGrowth)
        {
            _finding = new FuzzFinding(number, $"the heap has grown from {_baseline >> 20} to {living >> 20} MiB", IsFatal: true);
        }
    }
}
