using System.Text;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Tests.Segments;

/// <summary>Elements that no row of a table makes know their fields, too.</summary>
public class AssembledLineageTests
{
    private const string Result =
        "MSH|^~\\&|LAB|GH|FF|GH|20240501020000||ORU^R01|R1|P|2.5.1\rPID|1||4711^^^GH^MR||Miller^Ann|||||||||||||A1^^^GH\rPV1|1|I|W^1||||||||||||||||V1^^^GH\r" +
        "ORC|RE|P1^GH|F1^GH\rOBR|1|P1^GH|F1^GH|GLU^^L|||20240501010000|||||||||||||||||CH|F\rOBX|1|NM|GLU^^L|a|5.1|mmol/L\rSPM|1|S1||BLD\r";

    [Theory]
    [InlineData("Patient", "id", "PID-3")]
    [InlineData("Encounter", "id", "PV1-19")]
    [InlineData("Encounter", "subject", "PID-3")]
    [InlineData("ServiceRequest", "id", "OBR-2")]
    [InlineData("ServiceRequest", "subject", "PID-3")]
    [InlineData("ServiceRequest", "encounter", "PV1-19")]
    [InlineData("DiagnosticReport", "id", "OBR-3")]
    [InlineData("DiagnosticReport", "id", "OBR-4")]
    [InlineData("DiagnosticReport", "basedOn[]", "OBR-2")]
    [InlineData("DiagnosticReport", "result[]", "OBX-3")]
    [InlineData("Observation", "id", "OBX-3")]
    [InlineData("Observation", "id", "OBX-4")]
    [InlineData("Observation", "subject", "PID-3")]
    [InlineData("Observation", "category", "OBR-24")]
    [InlineData("Observation", "status", "OBR-25")]
    [InlineData("Observation", "effectiveDateTime", "OBR-7")]
    public void What_the_assembly_of_a_result_sets_names_its_field(string type, string element, string field) =>
        Assert.Contains((element, field), Fields(Result, type));

    [Theory]
    [InlineData("A03", "Encounter", "status", "MSH-9")]
    [InlineData("A11", "Encounter", "status", "MSH-9")]
    [InlineData("A40", "Patient", "active", "MRG-1")]
    [InlineData("A40", "Patient", "link[]", "MRG-1")]
    public void What_an_event_decides_names_the_event(string trigger, string type, string element, string field) => Assert.Contains((element, field), Fields(
        $"MSH|^~\\&|ADT|GH|FF|GH|20240501020000||ADT^{trigger}|A1|P|2.5.1\rEVN|{trigger}|20240501020000\rPID|1||4711^^^GH^MR||Miller^Ann\r{(trigger == "A40" ? "MRG|4712^^^GH^MR" : "PV1|1|I|W^1||||||||||||||||V1^^^GH")}\r", type));

    private static IEnumerable<(string Element, string Field)> Fields(string message, string type)
    {
        var result = Translator.Default.Translate(Hl7Message.Parse(Encoding.UTF8.GetBytes(message)).Message!, FeedProfile.Default with { Lineage = true });
        return result.Lineage.Where(entry => entry.Resource.StartsWith(type + "/", StringComparison.Ordinal)).Select(entry => (entry.Element, entry.Field.Split('(')[0] + (entry.Field.IndexOf(')', StringComparison.Ordinal) is > 0 and var end ? entry.Field[(end + 1)..] : "")));
    }
}
