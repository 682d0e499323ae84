using System.Globalization;
using System.Xml.Linq;
using FhirFacade.Fhir.Ucum;
using Xunit;

namespace FhirFacade.Fhir.Tests.Ucum;

public sealed class UcumTableTests
{
    private static readonly XNamespace Essence = "http://unitsofmeasure.org/ucum-essence";

    [Fact]
    public void The_tables_say_what_the_essence_file_says()
    {
        var essence = Load();
        var prefixes = essence.Elements(Essence + "prefix").Select(prefix => $"{prefix.Attribute("Code")!.Value},{prefix.Element(Essence + "value")!.Attribute("value")!.Value}");
        Assert.Equal(["code,value", .. prefixes], Table("prefixes.csv"));

        var bases = essence.Elements(Essence + "base-unit").Select(unit => unit.Attribute("Code")!.Value + ",BM,,,");
        var units = essence.Elements(Essence + "unit").Select(unit =>
        {
            var value = unit.Element(Essence + "value")!;
            var function = value.Element(Essence + "function");
            var flags = (Is(unit, "isMetric") ? "M" : "") + (Is(unit, "isArbitrary") ? "A" : "") + (Is(unit, "isSpecial") ? "S" : "");
            return $"{unit.Attribute("Code")!.Value},{flags},{function?.Attribute("name")!.Value},{(function ?? value).Attribute("value")!.Value},{(function ?? value).Attribute("Unit")!.Value}";
        });
        Assert.Equal(["code,flags,function,value,unit", .. bases, .. units], Table("units.csv"));
    }

    [Fact]
    public void Every_unit_is_valid_and_comparable_with_itself()
    {
        foreach (var code in Units().Select(unit => unit.Code))
        {
            var result = UcumUnits.Parse(code);
            Assert.True(result.Unit is not null, $"{code}: {result.Rule}");
            Assert.True(UcumUnits.AreComparable(code, code), code);
        }
    }

    [Fact]
    public void Every_prefix_goes_with_every_metric_unit_and_with_no_other()
    {
        var count = 0;
        foreach (var (code, isMetric) in Units())
        {
            foreach (var (prefix, value) in Prefixes())
            {
                var known = Units().Any(unit => unit.Code == prefix + code) || OtherReadings(prefix + code) > (isMetric ? 1 : 0);
                if (!known)
                {
                    Assert.True(isMetric == UcumUnits.IsValid(prefix + code), prefix + code);
                    count++;
                }

                if (isMetric && !known && !UcumUnits.Parse(code).Unit!.IsSpecial && value is > 1e-9m and < 1e9m)
                {
                    Assert.True(UcumUnits.TryConvert(3, prefix + code, code, out var converted), prefix + code);
                    Assert.Equal(3 * value, converted);
                }
            }
        }

        Assert.True(count > 7000);
    }

    [Fact]
    public void No_prefixed_unit_can_be_read_in_two_ways()
    {
        var codes = from unit in Units()
                    where unit.IsMetric
                    from prefix in Prefixes()
                    select prefix.Code + unit.Code;
        Assert.Equal([], codes.GroupBy(code => code).Where(readings => readings.Count() > 1).Select(readings => readings.Key));
    }

    // In how many ways a code is a prefix and a metric unit.
    private static int OtherReadings(string code) =>
        Prefixes().Count(prefix => code.StartsWith(prefix.Code, StringComparison.Ordinal) && Units().Any(unit => unit.IsMetric && unit.Code == code[prefix.Code.Length..]));

    private static List<(string Code, bool IsMetric)>? units;

    private static List<(string Code, decimal Value)>? prefixes;

    private static List<(string Code, bool IsMetric)> Units() =>
        units ??= [.. Table("units.csv").Skip(1).Select(line => line.Split(',')).Select(columns => (columns[0], columns[1].Contains('M', StringComparison.Ordinal)))];

    private static List<(string Code, decimal Value)> Prefixes() =>
        prefixes ??= [.. Table("prefixes.csv").Skip(1).Select(line => line.Split(',')).Select(columns => (columns[0], decimal.Parse(columns[1], NumberStyles.Float, CultureInfo.InvariantCulture)))];

    private static List<string> Table(string name)
    {
        using var reader = new StreamReader(typeof(UcumUnits).Assembly.GetManifestResourceStream("ucum/" + name)!);
        return [.. reader.ReadToEnd().TrimEnd('\n').Split('\n')];
    }

    private static bool Is(XElement unit, string flag) => unit.Attribute(flag)?.Value == "yes";

    private static XElement Load() => XDocument.Load(Path.Combine(SharedData.Folder("fhir/fhir-test-cases/ucum"), "ucum-essence.xml")).Root!;
}
