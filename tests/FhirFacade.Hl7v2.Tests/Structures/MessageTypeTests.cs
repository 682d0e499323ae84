using FhirFacade.Hl7v2.Structures;

namespace FhirFacade.Hl7v2.Tests.Structures;

public class MessageTypeTests
{
    [Theory]
    [InlineData("ADT^A01^ADT_A01", "", "ADT", "A01", "ADT_A01")]
    [InlineData("ADT^A08", "", "ADT", "A08", "ADT_A01")]
    [InlineData("ADT^A08^ADT_A08", "", "ADT", "A08", "ADT_A01")]
    [InlineData("ADT^A04^ADT_A04", "", "ADT", "A04", "ADT_A01")]
    [InlineData("ADT^A31", "", "ADT", "A31", "ADT_A05")]
    [InlineData("ADT^A11", "", "ADT", "A11", "ADT_A09")]
    [InlineData("ADT^A40", "", "ADT", "A40", "ADT_A39")]
    [InlineData("ADT", "A01", "ADT", "A01", "ADT_A01")]
    [InlineData("ADT_A03", "", "ADT", "A03", "ADT_A03")]
    [InlineData("ORU", "", "ORU", "R01", "ORU_R01")]
    [InlineData("ORU^R01^ORU_R03", "", "ORU", "R01", "ORU_R01")]
    [InlineData("SIU^S15", "", "SIU", "S15", "SIU_S12")]
    [InlineData("RDE^O01", "", "RDE", "O01", "RDE_O01")]
    [InlineData("ZZZ^Z01^ZZZ_Z09", "", "ZZZ", "Z01", "ZZZ_Z09")]
    [InlineData("ZZZ^Z01", "", "ZZZ", "Z01", "ZZZ_Z01")]
    [InlineData("ACK", "", "ACK", "", "")]
    [InlineData("", "", "", "", "")]
    public void The_type_is_completed_where_the_sender_left_parts_out(string msh9, string evn1, string code, string trigger, string structure)
    {
        var message = Messages.Parse($"MSH|^~\\&|A|B|C|D|||{msh9}|1|P|2.2\rEVN|{evn1}");
        Assert.Equal(new MessageType(code, trigger, structure), MessageType.Of(message));
    }
}
