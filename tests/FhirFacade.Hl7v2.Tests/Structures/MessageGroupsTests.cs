using System.Text;
using FhirFacade.Hl7v2.Framing;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Hl7v2.Structures;

namespace FhirFacade.Hl7v2.Tests.Structures;

public class MessageGroupsTests
{
    [Theory]
    [InlineData("ORU^R01", "PID PV1 ORC OBR NTE OBX NTE OBX SPM OBX OBR OBX", "PATIENT_RESULT(PATIENT(PID VISIT(PV1)) ORDER_OBSERVATION(ORC OBR NTE OBSERVATION(OBX NTE) OBSERVATION(OBX) SPECIMEN(SPM SPECIMEN_OBSERVATION(OBX))) ORDER_OBSERVATION(OBR OBSERVATION(OBX)))")]
    [InlineData("ORU^R01", "PID OBR OBX PID OBR OBX", "PATIENT_RESULT(PATIENT(PID) ORDER_OBSERVATION(OBR OBSERVATION(OBX))) PATIENT_RESULT(PATIENT(PID) ORDER_OBSERVATION(OBR OBSERVATION(OBX)))")]
    [InlineData("OML^O21", "PID ORC OBR SPM OBX SAC ORC OBR", "PATIENT(PID) ORDER(ORC OBSERVATION_REQUEST(OBR SPECIMEN(SPM SPECIMEN_OBSERVATION(OBX) CONTAINER(SAC)))) ORDER(ORC OBSERVATION_REQUEST(OBR))")]
    [InlineData("OML^O21", "PID ORC OBR PID PV1 OBR OBX", "PATIENT(PID) ORDER(ORC OBSERVATION_REQUEST(OBR PRIOR_RESULT(PATIENT_PRIOR(PID) PATIENT_VISIT_PRIOR(PV1) ORDER_PRIOR(OBR OBSERVATION_PRIOR(OBX)))))")]
    [InlineData("OUL^R22", "PID SPM OBX SAC OBR ORC OBX OBR OBX SPM OBR", "PATIENT(PID) SPECIMEN(SPM SPECIMEN_OBSERVATION(OBX) CONTAINER(SAC) ORDER(OBR ORC RESULT(OBX)) ORDER(OBR RESULT(OBX))) SPECIMEN(SPM ORDER(OBR))")]
    [InlineData("VXU^V04", "PID NK1 PV1 ORC RXA RXR OBX OBX ORC RXA", "PID NK1 PATIENT(PV1) ORDER(ORC RXA RXR OBSERVATION(OBX) OBSERVATION(OBX)) ORDER(ORC RXA)")]
    [InlineData("RDE^O11", "PID ORC RXO RXR RXE TQ1 RXR RXC ORC RXE RXR", "PATIENT(PID) ORDER(ORC ORDER_DETAIL(RXO RXR) RXE TIMING_ENCODED(TQ1) RXR RXC) ORDER(ORC RXE RXR)")]
    [InlineData("SIU^S12", "SCH PID PV1 RGS AIS AIG AIL AIP RGS AIL", "SCH PATIENT(PID PV1) RESOURCES(RGS SERVICE(AIS) GENERAL_RESOURCE(AIG) LOCATION_RESOURCE(AIL) PERSONNEL_RESOURCE(AIP)) RESOURCES(RGS LOCATION_RESOURCE(AIL))")]
    [InlineData("ADT^A01", "EVN PID PV1 PR1 ROL PR1 IN1 IN2 IN1", "EVN PID PV1 PROCEDURE(PR1 ROL) PROCEDURE(PR1) INSURANCE(IN1 IN2) INSURANCE(IN1)")]
    [InlineData("ADT^A40", "EVN PID MRG PID PD1 MRG PV1", "EVN PATIENT(PID MRG) PATIENT(PID PD1 MRG PV1)")]
    [InlineData("ADT^A17", "EVN PID PV1 PID PV1", "EVN PID PV1 PID PV1")]
    public void Segments_stand_in_the_groups_of_their_structure(string type, string segments, string groups)
    {
        var message = Grouped(type, segments);
        Assert.Equal(groups, Show(message));
        Assert.Empty(message.Deviations);
    }

    [Theory]
    [InlineData("ORM^O01", "PID OBR OBX OBR", "PATIENT(PID) ORDER(ORDER_DETAIL(OBR OBSERVATION(OBX))) ORDER(ORDER_DETAIL(OBR))", "OBR, OBR(2)")]
    [InlineData("ORM^O01", "PID ORC NTE OBR NTE", "PATIENT(PID) ORDER(ORC NTE ORDER_DETAIL(OBR NTE))", "")]
    [InlineData("ORU^R01", "PID OBX OBR OBX TQ1 OBX", "PATIENT_RESULT(PATIENT(PID PATIENT_OBSERVATION(OBX)) ORDER_OBSERVATION(OBR OBSERVATION(OBX) TIMING_QTY(TQ1) OBSERVATION(OBX)))", "TQ1")]
    [InlineData("OUL^R22", "PID SPM ORC OBR ORC OBR", "PATIENT(PID) SPECIMEN(SPM ORDER(ORC OBR) ORDER(ORC OBR))", "OBR, OBR(2)")]
    [InlineData("OML^O21", "PV1 PID ORC OBR", "PATIENT(PATIENT_VISIT(PV1) PID) ORDER(ORC OBSERVATION_REQUEST(OBR))", "PID")]
    [InlineData("ADT^A40", "EVN MRG PID", "EVN PATIENT(MRG PID)", "PID")]
    [InlineData("ADT^A01", "EVN PID PV1 DG1 AL1 PV1 ZBX QPD", "EVN PID PV1 DG1 AL1 PV1 ZBX QPD", "AL1, PV1(2), QPD")]
    [InlineData("ADT^A01", "PID PV1", "PID PV1", "MSH")]
    [InlineData("ZZZ^Z01", "PID OBX PID", "PID OBX PID", "")]
    public void What_stands_elsewhere_is_kept_with_its_like_and_reported(string type, string segments, string groups, string deviations)
    {
        var message = Grouped(type, segments);
        Assert.Equal(groups, Show(message));
        Assert.Equal(deviations, string.Join(", ", message.Deviations.Select(d => d.Location)));
        Assert.All(message.Deviations, d => Assert.Equal((Table0357.SegmentSequence, d.Rule.Contains(" in ", StringComparison.Ordinal) ? Hl7Severity.Information : Hl7Severity.Warning), (d.Code, d.Severity)));
    }

    [Fact]
    public void A_visit_behind_an_order_is_the_patients_and_the_order_goes_on()
    {
        var message = Grouped("ORU^R01", "PID OBR OBX PV1 OBX");
        Assert.Equal("PATIENT", message[message.Message.First("PV1")!.Value].Name);
        Assert.Equal("OBR", message[message.Message.Nth("OBX", 2)!.Value].Within("ORDER_OBSERVATION")!.First("OBR")!.Value.Location);
        Assert.Equal("PV1", Assert.Single(message.Deviations).Location);
    }

    [Fact]
    public void A_group_tells_its_segments_its_parents_and_its_place_among_its_like()
    {
        var message = Grouped("ORU^R01", "PID OBR OBX NTE OBX");
        var obx = message.Message.Nth("OBX", 2)!.Value;
        var group = message[obx];
        Assert.Equal(("OBSERVATION", 2), (group.Name, group.Ordinal));
        Assert.Equal("OBR", group.Within("ORDER_OBSERVATION")!.First("OBR")!.Value.Location);
        Assert.True(group.IsIn(message.Root));
        Assert.Null(group.Within("SPECIMEN"));
        Assert.Equal(["OBX", "NTE"], group.Parent!.Groups("OBSERVATION").First().Segments.Select(s => s.Location));
    }

    [Fact]
    public void Every_structure_begins_with_MSH_and_has_at_most_sixty_four_places_a_group()
    {
        Assert.All(MessageStructures.Names, name =>
        {
            var root = MessageStructure.Find(name)!.Root;
            Assert.Equal("MSH", root.Children![0].Name);
            AssertSmall(root);
        });
        Assert.True(MessageStructures.Names.Count() > 80);
    }

    [Fact]
    public void Every_segment_of_every_sample_message_stands_in_one_group()
    {
        foreach (var file in TestData.MessageFiles())
        {
            foreach (var part in BatchReader.Read(File.ReadAllBytes(file)).Messages)
            {
                if (Hl7Message.Parse(part.Bytes).Message is { } message)
                {
                    var groups = MessageGroups.Of(message);
                    Assert.Equal(Enumerable.Range(0, message.SegmentCount), Deep(groups.Root).Order());
                }
            }
        }
    }

    private static IEnumerable<int> Deep(SegmentGroup group) => group.Segments.Select(s => s.Index).Concat(group.Groups().SelectMany(Deep));

    private static void AssertSmall(StructureNode node)
    {
        Assert.True(node.Children!.Length <= 64);
        foreach (var child in node.Children.Where(c => c.Children is not null))
        {
            AssertSmall(child);
        }
    }

    private static MessageGroups Grouped(string type, string segments) =>
        MessageGroups.Of(Messages.Parse($"MSH|^~\\&|A|B|C|D|||{type}|1|P|2.5\r{string.Join('\r', segments.Split(' ').Select(s => $"{s}|1"))}"));

    // All but MSH: groups in brackets, in message order.
    private static string Show(MessageGroups message)
    {
        var text = new StringBuilder();
        var open = new Stack<SegmentGroup>([message.Root]);
        foreach (var segment in message.Message.Segments)
        {
            var group = message[segment];
            if (segment.Is("MSH"))
            {
                continue;
            }

            while (!group.IsIn(open.Peek()))
            {
                open.Pop();
                text.Append(')');
            }

            foreach (var opened in Chain(group).TakeWhile(g => g != open.Peek()).Reverse().ToList())
            {
                Space(text).Append(opened.Name).Append('(');
                open.Push(opened);
            }

            Space(text).Append(segment.Name);
        }

        return text.Append(')', open.Count - 1).ToString();
    }

    private static StringBuilder Space(StringBuilder text) => text.Length > 0 && text[^1] != '(' ? text.Append(' ') : text;

    private static IEnumerable<SegmentGroup> Chain(SegmentGroup? group)
    {
        for (; group is not null; group = group.Parent)
        {
            yield return group;
        }
    }
}
