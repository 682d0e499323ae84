using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Benchmarks;

/// <summary>
/// How long the expression of every search parameter takes, compiled for its type, over the smallest official example in which it
/// finds something. The best of several rounds counts, so that other work on the machine is not measured along.
/// </summary>
public static class ExpressionsBenchmark
{
    private const int Rounds = 9;
    private const int TimesPerRound = 200;
    private const int Shown = 5;

    /// <summary>Runs for a few seconds and prints to standard output; says so where the examples are not here.</summary>
    public static void Run()
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("FHIRFACADE_TEST_DATA") ?? Path.Combine("..", "shared", "data"), "fhir", "r4-examples");
        if (!Directory.Exists(folder))
        {
            Console.WriteLine("The official examples are not here (FHIRFACADE_TEST_DATA), so the search expressions are not measured.");
            return;
        }

        var times = new List<(double Microseconds, string Name)>();
        foreach (var examples in new DirectoryInfo(folder).EnumerateFiles("*.json").OrderBy(file => file.Length).Select(Read).GroupBy(example => example.GetProperty("resourceType").GetString()!))
        {
            var resources = examples.ToList();
            foreach (var parameter in SearchParameterSet.BuiltIn.For(examples.Key).Where(parameter => parameter.Expression.Length > 0))
            {
                var expression = FhirPathExpression.CompileFor(parameter.Expression, examples.Key, FhirPathDialect.Search);
                var example = resources.FirstOrDefault(resource => expression.Evaluate(resource).Count > 0);
                if (example.ValueKind == JsonValueKind.Object)
                {
                    times.Add((Best(expression, example), $"{examples.Key}.{parameter.Code}"));
                }
            }
        }

        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{times.Count} search expressions, us each: median {At(times, 0.5):F2}, of a hundred the slowest {At(times, 0.99):F2}, worst {At(times, 1):F2}; {times.Count(time => time.Microseconds >= 1)} take 1 us or more"));
        foreach (var (microseconds, name) in times.TakeLast(Shown).Reverse())
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {microseconds,6:F2} {name}"));
        }
    }

    private static JsonElement Read(FileInfo file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
        return document.RootElement.Clone();
    }

    private static double At(List<(double Microseconds, string Name)> times, double share) => times[(int)((times.Count - 1) * share)].Microseconds;

    private static double Best(FhirPathExpression expression, JsonElement resource)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < TimesPerRound; i++)
            {
                expression.Evaluate(resource);
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / TimesPerRound);
        }

        return best;
    }
}
