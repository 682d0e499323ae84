using System.Globalization;

namespace FhirFacade.Fuzz;

/// <summary>The process that runs the inputs. It may die of one: its number is on disk before it is run.</summary>
internal static class FuzzChild
{
    public static int Run(FuzzOptions options, string progress)
    {
        using var file = new FileStream(progress, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1);
        var run = new FuzzRun(options.Target, options.Seed);
        var finding = run.For(TimeSpan.FromMinutes(options.Minutes), options.Inputs, number =>
        {
            file.Position = 0;
            file.Write(BitConverter.GetBytes(number));
        });
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Target.Name}: {run.Done} inputs, {run.LetIn} let in; slowest {run.Slowest.Time.TotalMilliseconds:F0} ms (input {run.Slowest.Number}); most allocated {run.Hungriest.Bytes >> 10} KiB (input {run.Hungriest.Number}); heap {run.Heap.First >> 20} MiB at first, {run.Heap.Last >> 20} MiB at last"));
        if (finding is null)
        {
            return 0;
        }

        if (finding.IsFatal)
        {
            Console.WriteLine($"input {finding.Number}: {finding.What}");
            return FuzzParent.Fatal;
        }

        FuzzParent.Report(options, finding.Number, finding.What, input => FuzzRun.Try(options.Target, input) is not null);
        return 1;
    }
}
