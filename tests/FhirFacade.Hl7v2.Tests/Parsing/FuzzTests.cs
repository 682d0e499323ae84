using System.Diagnostics;
using System.Text;
using FhirFacade.Hl7v2.Acks;
using FhirFacade.Hl7v2.Framing;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Tests.Parsing;

public class FuzzTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    private static readonly string[] Seeds =
    [
        Messages.Header + "|||AL|NE||UNICODE UTF-8\rEVN|A01\rPID|1||A^^^X&1.2&ISO~B||Doe^John\rOBX|1|TX|T||a\\.br\\b\\X41\\\rZZ1|x",
        Messages.Header + "||||||~ISO IR87\rPID|1||\u001B$BF|K\\\u001B(B|x\rNTE|1||\\M2442\\F|\\C2842\\",
        "FHS|^~\\&|A\rBHS|^~\\&|B\r" + Messages.Header + "\rPID|1\r" + Messages.Header + "\rPID|2\rBTS|2\rFTS|1",
        "MSH#*~%$#A#B#C#D###ORU*R01#1#P#2.3######SHIFT_JIS\rOBX#1#TX###\u0083\\text%F%",
    ];

    [Fact]
    public void Mutated_messages_never_make_anything_throw()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        for (var round = 0; clock.Elapsed < Duration; round++)
        {
            var bytes = Mutate(Encoding.Latin1.GetBytes(Seeds[round % Seeds.Length]), random);
            try
            {
                Read(bytes);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}, round {round}: {Convert.ToHexString(bytes)}", e);
            }
        }
    }

    private static void Read(byte[] bytes)
    {
        foreach (var part in BatchReader.Read(bytes).Messages)
        {
            var result = Hl7Message.Parse(part.Bytes);
            if (result.Message is { } message)
            {
                IndexedMessage.Touch(message);
            }

            var ack = AckBuilder.Build(result.Message, AckCode.AE, result.Errors, DateTimeOffset.UnixEpoch, "1");
            Assert.NotNull(Hl7Message.Parse(ack).Message);
        }

        if (Hl7Message.Parse(bytes).Message is { } whole)
        {
            IndexedMessage.Touch(whole);
        }
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var mutated = bytes.ToList();
        for (var i = random.Next(1, 8); i > 0; i--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(4))
            {
                case 0:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutated.RemoveRange(at, Math.Min(random.Next(1, 20), mutated.Count - at));
                    break;
                case 2:
                    mutated.InsertRange(at, mutated.GetRange(random.Next(mutated.Count), 1));
                    break;
                default:
                    mutated.Insert(at, "|^~\\&\r\n\u000B\u001C\u001B\"\0"u8[random.Next(12)]);
                    break;
            }

            if (mutated.Count == 0)
            {
                mutated.Add((byte)'M');
            }
        }

        return [.. mutated];
    }
}
