using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.Sensitivity;

namespace FhirFacade.Benchmarks;

/// <summary>
/// How long the search index values of one laboratory Observation take, and single FHIRPath expressions over it, beside a bare
/// reader's pass over the same bytes. All are measured in turns in one run. The median is what a busy machine gives; the best round is the work itself.
/// </summary>
public static class ExtractBenchmark
{
    private const int Rounds = 21;
    private const int TimesPerRound = 2000;

    private const string Observation = """
        {"resourceType":"Observation","id":"obs-1","meta":{"versionId":"1","lastUpdated":"2024-05-06T07:08:09.123Z","source":"urn:feed:lab"},
         "identifier":[{"system":"urn:oid:1.2.3","value":"F-4711-1"}],"status":"final",
         "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"}]}],
         "code":{"coding":[{"system":"http://loinc.org","code":"2345-7","display":"Glucose [Mass/volume] in Serum or Plasma"}],"text":"Glucose"},
         "subject":{"reference":"Patient/p-1"},"encounter":{"reference":"Encounter/e-1"},"effectiveDateTime":"2024-05-06T06:30:00+02:00","issued":"2024-05-06T07:00:00Z",
         "performer":[{"reference":"Organization/lab"}],"valueQuantity":{"value":5.40,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"},
         "interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"N"}]}],
         "referenceRange":[{"low":{"value":3.9,"unit":"mmol/L"},"high":{"value":5.6,"unit":"mmol/L"}}]}
        """;

    /// <summary>Runs for about a second and prints to standard output.</summary>
    public static void Run()
    {
        var bytes = Encoding.UTF8.GetBytes(Observation);
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        (string Name, Action Action)[] subjects =
        [
            ("bare Utf8JsonReader pass", () => Read(bytes)),
            ("JsonDocument.Parse", () => JsonDocument.Parse(bytes).Dispose()),
            ("search index values", () => SearchIndexer.Extract("Observation", root)),
            ("labels of sensitive categories", () => SensitivityRules.BuiltIn.LabelsOf("Observation", root)),
            ("patient compartment", () => PatientCompartment.Of("Observation", root)),
            .. Expressions(root, "Observation.code", "Observation.subject.where(resolve() is Patient)", "(Observation.value as Quantity)", "Observation.component.code"),
        ];
        var times = subjects.Select(_ => new double[Rounds]).ToArray();
        for (var round = -5; round < Rounds; round++)
        {
            for (var i = 0; i < subjects.Length; i++)
            {
                var time = Time(subjects[i].Action);
                if (round >= 0)
                {
                    times[i][round] = time;
                }
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} bytes, {SearchIndexer.Extract("Observation", root).Length} index values"));
        Console.WriteLine("                                                         median         best   bytes each   x bare pass (us each; best to best)");
        for (var i = 0; i < subjects.Length; i++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{subjects[i].Name,-52} {Median(times[i]),10:F2} {times[i].Min(),12:F2} {Allocated(subjects[i].Action),12:N0} {times[i].Min() / times[0].Min(),13:F2}"));
        }

        ExpressionsBenchmark.Run();
    }

    private static IEnumerable<(string Name, Action Action)> Expressions(JsonElement root, params string[] texts) => texts.Select(text =>
    {
        var expression = FhirPathExpression.Compile(text, FhirPathDialect.Search);
        return (text, (Action)(() => expression.Evaluate(root)));
    });

    private static int Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        var tokens = 0;
        while (reader.Read())
        {
            tokens++;
        }

        return tokens;
    }

    private static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < TimesPerRound; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / TimesPerRound;
    }

    private static double Median(double[] times) => times.Order().ElementAt(times.Length / 2);

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
