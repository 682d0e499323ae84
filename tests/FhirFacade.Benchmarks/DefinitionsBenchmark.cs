using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Fhir.Validation;

namespace FhirFacade.Benchmarks;

/// <summary>
/// What the definitions cost a process that has just started: each part in a process of its own, which has done nothing before,
/// compilation of the code by the runtime included. Medians of several processes are printed.
/// </summary>
public static class DefinitionsBenchmark
{
    private const int Processes = 9;

    private static readonly (string Name, Action Load)[] Parts =
    [
        ("types and constraints", () => _ = R4.Definitions.Types.Count),
        ("  and codes of required bindings", () => _ = (R4.Definitions.Types.Count, R4.Definitions.ValueSet("http://hl7.org/fhir/ValueSet/administrative-gender"))),
        ("search parameters", () => _ = SearchParameterSet.R4.For("Observation").Count),
        ("terminology (index of urls)", () => _ = TerminologySet.R4.ValueSet("http://hl7.org/fhir/ValueSet/administrative-gender")),
        ("profiles and extensions", () => _ = ProfileSet.R4.Find("http://hl7.org/fhir/StructureDefinition/vitalsigns")),
        ("US Core 6.1.0", () => _ = UsCore.Load("6.1.0").Profiles.Length),
        ("all of R4", AllOfR4),
        ("first validation of a Patient", FirstValidation),
    ];

    /// <summary>Starts the processes, one after the other, and prints to standard output.</summary>
    public static void Run()
    {
        Console.WriteLine("                                       ms in a fresh process (median)");
        for (var part = 0; part < Parts.Length; part++)
        {
            var times = Enumerable.Range(0, Processes).Select(_ => InProcess(part)).Order().ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Parts[part].Name,-36} {times[Processes / 2],8:F0}   ({times[0]:F0} to {times[^1]:F0})"));
        }
    }

    /// <summary>Loads one part and prints how many milliseconds it took.</summary>
    public static void RunPart(int part)
    {
        var start = Stopwatch.GetTimestamp();
        Parts[part].Load();
        Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalMilliseconds.ToString("F2", CultureInfo.InvariantCulture));
    }

    private static double InProcess(int part)
    {
        var program = typeof(DefinitionsBenchmark).Assembly.Location;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "definitions", part.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        var time = double.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
        process.WaitForExit();
        return time;
    }

    private static void AllOfR4()
    {
        foreach (var (_, load) in Parts.AsSpan(1, 4))
        {
            load();
        }
    }

    private static void FirstValidation()
    {
        using var patient = JsonDocument.Parse("""{"resourceType":"Patient","gender":"male","name":[{"family":"x"}]}""");
        _ = ResourceValidator.R4.Validate(patient.RootElement);
    }
}
