using System.Text;

namespace FhirFacade.Benchmarks;

/// <summary>
/// The message that the way in is measured with: an ADT^A01 of about 1.3 KB, made up here, in its MLLP frame. Control id and
/// patient number are written over in place, so that no message repeats another and patients spread over the lanes.
/// </summary>
internal sealed class AckSample
{
    private const int ControlDigits = 16;
    private const int PatientDigits = 6;
    private const int Patients = 5000;

    private static readonly byte[] Template = Encoding.ASCII.GetBytes(
        "\vMSH|^~\\&|ADMIT|NORTH|FACADE|NORTH|20240517093012+0200||ADT^A01^ADT_A01|C0000000000000000|P|2.5.1||||||UNICODE UTF-8\r"
        + "EVN|A01|20240517093012+0200|||7781^Clerk^Clara\r"
        + "PID|1||N000000^^^NORTH&1.2.840.99999.2&ISO^MR||Sample^Quentin^Zoe^^Dr.^^L~Muster^Quentin^^^^^M||19710304|F||2106-3^White^HL70005|12 Long Lane^Apt 4^Springfield^IL^62701^USA^H||^PRN^PH^^1^217^5550142|^WPN^PH^^1^217^5550143|en^English^ISO639|M^Married^HL70002|\r"
        + "PD1||||4990^Family^Fred^^^Dr.^^^NORTH&1.2.840.99999.3&ISO^L\r"
        + "NK1|1|Sample^Corin^^^Mr.|SPO^Spouse^HL70063|12 Long Lane^Apt 4^Springfield^IL^62701^USA|^PRN^PH^^1^217^5550144||C^Emergency Contact^HL70131\r"
        + "NK1|2|Muster^Lenore|MTH^Mother^HL70063||^PRN^PH^^1^217^5550145||N^Next-of-Kin^HL70131\r"
        + "PV1|1|I|4W^401^B^NORTH^^N^MAIN|R|||4001^Attend^Anna^^^Dr.^^^NORTH&1.2.840.99999.3&ISO^L|4990^Family^Fred^^^Dr.^^^NORTH&1.2.840.99999.3&ISO^L||CAR|||||||||||||||||||||||||||||||||||202405170925+0200\r"
        + "PV2|||^Chest pain, under observation\r"
        + "AL1|1|DA|7980^Penicillin G^RXNORM|SV|Hives~Wheezing|20030615\r"
        + "DG1|1|ICD-10-CM|I20.9^Angina pectoris, unspecified^I10C||202405170940+0200|A|||||||||1|4001^Attend^Anna^^^Dr.\r"
        + "\u001c\r");

    private static readonly int ControlAt = Template.AsSpan().IndexOf("|C0000"u8) + 2;
    private static readonly int PatientAt = Template.AsSpan().IndexOf("|N0000"u8) + 2;

    // The control id of each instance runs on from a million of its own.
    private static long instances;

    private readonly byte[] frame = [.. Template];
    private long number = Interlocked.Increment(ref instances) * 1_000_000;

    /// <summary>The message in its frame, as <see cref="Next"/> has left it.</summary>
    public byte[] Frame => frame;

    /// <summary>The message without its frame.</summary>
    public ReadOnlyMemory<byte> Message => frame.AsMemory(1, frame.Length - 3);

    /// <summary>MSH-10.</summary>
    public ReadOnlySpan<byte> ControlId => frame.AsSpan(ControlAt - 1, ControlDigits + 1);

    /// <summary>Makes it another message.</summary>
    public void Next()
    {
        number++;
        Write(ControlAt, ControlDigits, number);
        Write(PatientAt, PatientDigits, number * 7919 % Patients);
    }

    private void Write(int at, int digits, long value)
    {
        for (var i = at + digits - 1; i >= at; i--, value /= 10)
        {
            frame[i] = (byte)('0' + (value % 10));
        }
    }
}
