using System.Globalization;
using System.Text;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Hl7v2.Structures;
using FhirFacade.Translation;

namespace FhirFacade.Benchmarks;

/// <summary>
/// How many messages a core translates a second, bytes in to JSON bytes out, beside what parsing and grouping alone take. All are measured in turns
/// in one run, by the processor time of the whole process, collection of garbage included; medians are printed, with the bytes allocated for each
/// message.
/// </summary>
public static class TranslateBenchmark
{
    private const int Rounds = 21;
    private const int MessagesPerRound = 300;

    // Until the compiler has seen what is hot.
    private const int WarmingRounds = 15;

    /// <summary>Runs for about twenty seconds and prints to standard output.</summary>
    public static void Run()
    {
        Measure("ORU^R01, 30 OBX", ParseSample.Build());
        Measure("ADT^A01", Admission());
    }

    private static void Measure(string name, byte[] bytes)
    {
        var memory = new ReadOnlyMemory<byte>(bytes);
        (string Name, Func<long> Action)[] subjects =
        [
            ("parse", () => Hl7Message.Parse(memory).Message!.SegmentCount),
            ("parse, group", () => MessageGroups.Of(Hl7Message.Parse(memory).Message!).Deviations.Length),
            ("parse, translate", () => Translated(memory).Resources.Length),
            ("parse, translate, write JSON", () => Translated(memory).Resources.Sum(static r => (long)r.ToBytes().Length)),
        ];
        var result = Translated(memory);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {bytes.Length} bytes in, {result.Resources.Length} resources, {subjects[^1].Action()} bytes out, {result.Unmapped.Length} fields not used"));
        var times = new double[subjects.Length][];
        for (var i = 0; i < subjects.Length; i++)
        {
            times[i] = new double[Rounds];
            for (var warm = 0; warm < WarmingRounds; warm++)
            {
                Round(subjects[i].Action);
            }
        }

        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < subjects.Length; i++)
            {
                times[i][round] = Round(subjects[i].Action);
            }
        }

        Console.WriteLine("                                      messages/s   us each   bytes each");
        for (var i = 0; i < subjects.Length; i++)
        {
            var median = times[i].Order().ElementAt(Rounds / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{subjects[i].Name,-36} {1e6 / median,12:N0} {median,9:F2} {Allocated(subjects[i].Action),12:N0}"));
        }
    }

    private static TranslationResult Translated(ReadOnlyMemory<byte> bytes) => Translator.Default.Translate(Hl7Message.Parse(bytes).Message!, FeedProfile.Default);

    private static double Round(Func<long> action)
    {
        var start = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < MessagesPerRound; i++)
        {
            action();
        }

        return (Environment.CpuUsage.TotalTime - start).TotalMicroseconds / MessagesPerRound;
    }

    private static long Allocated(Func<long> action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            action();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
    }

    // About 1.3 KB, made up here.
    private static byte[] Admission() => Encoding.UTF8.GetBytes(string.Join(
        '\r',
        "MSH|^~\\&|ADT^1.2.840.99999.1^ISO|NORTH^1.2.840.99999.2^ISO|EHR|NORTH|20240517093012+0200||ADT^A01^ADT_A01|BENCH-000002|P|2.5.1|||AL|NE||UNICODE UTF-8",
        "EVN|A01|20240517093000+0200|||77^Clerk^Cleo",
        "PID|1||100042^^^NORTH&1.2.840.99999.2&ISO^MR~900-11-2222^^^USA^SS||Sample^Quentin^Zoe^^Dr.^^L~Muster^Quentin^^^^^M||19710304|F||2106-3^White^HL70005|12 Long Lane^Apt 4^Springfield^IL^62701^USA^H||^PRN^PH^^1^217^5550142|^WPN^PH^^1^217^5550143|en|M||ACC-77012^^^NORTH",
        "NK1|1|Sample^Robin|SPO^Spouse^HL70063|12 Long Lane^^Springfield^IL^62701|^PRN^PH^^1^217^5550142",
        "PV1|1|I|4W^401^B^NORTH^^^^4 West|E|||1234567893^Attend^Anna^^^Dr.^^^NPI|2345678901^Refer^Rolf^^^Dr.^^^NPI||MED||||7||||IN|V-20240517^^^NORTH|||||||||||||||||||||||||20240516211500+0200",
        "PV2||||||||20240516|20240520",
        "AL1|1|DA|70618^Penicillin^RXNORM|SV|Rash",
        "AL1|2|FA|256349002^Peanut^SCT|MO|Hives",
        "DG1|1||J18.9^Pneumonia, unspecified organism^I10|||A",
        "GT1|1||Sample^Robin||12 Long Lane^^Springfield^IL^62701",
        "IN1|1|PPO^Preferred Plan|INS-1|Prairie Mutual|1 Market Street^^Chicago^IL^60601||1^312^5550100|GRP-77||||20240101|20241231||PPO|Sample^Robin|SPO|19700101|12 Long Lane^^Springfield^IL^62701|||||||||||||||||POL-4711",
        ""));
}
