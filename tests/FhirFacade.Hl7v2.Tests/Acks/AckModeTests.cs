using FhirFacade.Hl7v2.Acks;

namespace FhirFacade.Hl7v2.Tests.Acks;

public class AckModeTests
{
    /// <summary>MSH-15, MSH-16, then what is due: commit on success and on error, application on success and on error.</summary>
    public static TheoryData<string, string, bool, string> Modes => new()
    {
        { "", "", false, "..AA" },
        { "\"\"", "\"\"", false, "..AA" },
        { "AL", "", true, "CC.." },
        { "AL", "NE", true, "CC.." },
        { "AL", "AL", true, "CCAA" },
        { "NE", "AL", true, "..AA" },
        { "", "AL", true, "..AA" },
        { "ER", "SU", true, ".CA." },
        { "SU", "ER", true, "C..A" },
        { "NE", "NE", true, "...." },
        { "XX", "NE", true, "CC.." },
    };

    [Theory]
    [MemberData(nameof(Modes))]
    public void What_the_sender_wants_is_read_from_MSH_15_and_16(string accept, string application, bool isEnhanced, string due)
    {
        var mode = AckMode.Of(Messages.Parse($"MSH|^~\\&|A|B|C|D|||ADT^A01|1|P|2.5|||{accept}|{application}"));
        Assert.Equal(isEnhanced, mode.IsEnhanced);
        Assert.Equal(due, string.Concat(
            mode.WantsAccept(true) ? 'C' : '.',
            mode.WantsAccept(false) ? 'C' : '.',
            mode.WantsApplication(true) ? 'A' : '.',
            mode.WantsApplication(false) ? 'A' : '.'));
    }

    [Fact]
    public void What_cannot_be_read_is_answered_in_original_mode() => Assert.Equal(AckMode.Original, AckMode.Of(null));
}
