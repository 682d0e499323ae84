using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Benchmarks;

/// <summary>
/// How long it takes to index a message, and to touch every field of it, as a multiple of the time that a bare walk over all delimiters of
/// the same bytes takes. All are measured in turns in one run, so that they see the same machine; medians are printed.
/// </summary>
public static class ParseBenchmark
{
    private const int Rounds = 41;
    private const int MessagesPerRound = 2000;

    private static readonly SearchValues<byte> Delimiters = SearchValues.Create("|^~\\&\r\n"u8);

    /// <summary>Runs for about five seconds and prints to standard output.</summary>
    public static void Run()
    {
        var bytes = ParseSample.Build();
        var memory = new ReadOnlyMemory<byte>(bytes);
        (string Name, Func<int> Action)[] subjects =
        [
            ("bare walk over all delimiters", () => Walk(memory.Span)),
            ("index", () => Hl7Message.Parse(memory).Message!.SegmentCount),
            ("index and every field", () => ReadFields(Hl7Message.Parse(memory).Message!)),
            ("index and every component's text", () => ReadTexts(Hl7Message.Parse(memory).Message!)),
        ];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} bytes, {Walk(bytes)} delimiters, {Hl7Message.Parse(memory).Message!.SegmentCount} segments"));

        var times = new double[subjects.Length][];
        for (var i = 0; i < subjects.Length; i++)
        {
            times[i] = new double[Rounds];
            Round(subjects[i].Action);
        }

        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < subjects.Length; i++)
            {
                times[i][round] = Round(subjects[i].Action);
            }
        }

        var walk = Median(times[0]);
        Console.WriteLine("                                      messages/s   us each   bytes each   x walk");
        for (var i = 0; i < subjects.Length; i++)
        {
            var median = Median(times[i]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{subjects[i].Name,-36} {1e6 / median,12:N0} {median,9:F2} {Allocated(subjects[i].Action),12:N0} {median / walk,8:F2}"));
        }
    }

    private static int Walk(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (true)
        {
            var next = bytes.IndexOfAny(Delimiters);
            if (next < 0)
            {
                return count;
            }

            count++;
            bytes = bytes[(next + 1)..];
        }
    }

    // Every field of every segment: its bytes, whether it is empty, and the bytes of its first component.
    private static int ReadFields(Hl7Message message)
    {
        var sum = 0;
        foreach (var segment in message.Segments)
        {
            for (var i = 1; i <= segment.FieldCount; i++)
            {
                var field = segment[i];
                if (!field.IsEmpty)
                {
                    sum += field.Raw.Length + field[1].Raw.Length;
                }
            }
        }

        return sum;
    }

    private static int ReadTexts(Hl7Message message)
    {
        var sum = 0;
        foreach (var segment in message.Segments)
        {
            for (var i = 1; i <= segment.FieldCount; i++)
            {
                foreach (var repetition in segment[i].Repetitions)
                {
                    for (var c = repetition.ComponentCount; c > 0; c--)
                    {
                        sum += repetition[c].Text.Length;
                    }
                }
            }
        }

        return sum;
    }

    private static double Round(Func<int> action)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < MessagesPerRound; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / MessagesPerRound;
    }

    private static long Allocated(Func<int> action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            action();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
