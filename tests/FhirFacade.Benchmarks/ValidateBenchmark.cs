using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.Validation;

namespace FhirFacade.Benchmarks;

/// <summary>
/// How long the validation of a Bundle of 1 MB takes, as a multiple of a bare pass of Utf8JsonReader over the same bytes. All are
/// measured in turns in one run; medians are printed.
/// </summary>
public static class ValidateBenchmark
{
    private const int Rounds = 41;
    private const int Size = 1_000_000;

    private const string Entry = """
        {"fullUrl":"http://example.org/fhir/Observation/oNUMBER","resource":{"resourceType":"Observation","id":"oNUMBER",
        "meta":{"profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-blood-pressure"]},
        "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Blood pressure</div>"},"status":"final",
        "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs","display":"Vital Signs"}]}],
        "code":{"coding":[{"system":"http://loinc.org","code":"85354-9","display":"Blood pressure panel"}],"text":"Blood pressure"},
        "subject":{"reference":"Patient/p1"},"effectiveDateTime":"2024-05-01T10:00:00+02:00","issued":"2024-05-01T10:00:00.000Z",
        "component":[
        {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6","display":"Systolic"}]},"valueQuantity":{"value":120,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},
        {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4","display":"Diastolic"}]},"valueQuantity":{"value":80,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}]}}
        """;

    /// <summary>Runs for about half a minute and prints to standard output.</summary>
    public static void Run()
    {
        var bytes = Sample();
        using var parsed = ResourceParser.Parse(bytes);
        var resource = parsed.Document!.RootElement;
        var validator = ResourceValidator.R4.With(UsCore.Load("6.1.0"));
        (string Name, Func<int> Action)[] subjects =
        [
            ("bare pass of Utf8JsonReader", () => Read(bytes)),
            ("parse with all refusals", () => ParseAll(bytes)),
            ("structure", () => StructureValidator.Validate(resource).Length),
            ("all rules and claimed profiles", () => validator.Validate(resource).Length),
        ];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} bytes, {StructureValidator.Validate(resource).Length} issues of structure"));

        var times = subjects.Select(_ => new double[Rounds]).ToArray();
        for (var round = -Rounds; round < Rounds; round++)
        {
            for (var i = 0; i < subjects.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                subjects[i].Action();
                times[i][Math.Max(0, round)] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        var reader = Median(times[0]);
        Console.WriteLine("                                           ms   x reader");
        for (var i = 0; i < subjects.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{subjects[i].Name,-36} {Median(times[i]),8:F2} {Median(times[i]) / reader,10:F2}"));
        }
    }

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

    private static int ParseAll(byte[] bytes)
    {
        using var parsed = ResourceParser.Parse(bytes);
        return parsed.Issues.Length;
    }

    private static byte[] Sample()
    {
        var text = new StringBuilder("""{"resourceType":"Bundle","type":"collection","entry":[""");
        for (var number = 0; text.Length < Size; number++)
        {
            text.Append(number == 0 ? "" : ",").Append(Entry.Replace("NUMBER", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
