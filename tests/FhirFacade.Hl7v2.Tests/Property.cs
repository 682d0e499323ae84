using FsCheck;
using FsCheck.Fluent;

namespace FhirFacade.Hl7v2.Tests;

/// <summary>Checks a sentence for many generated values; the smallest value found that breaks it is in the failure.</summary>
internal static class Property
{
    public static void Holds<T>(Gen<T> values, Action<T> sentence, int times = 500) =>
        Prop.ForAll(Arb.From(values), sentence).Check(Config.QuickThrowOnFailure.WithMaxTest(times));

    /// <summary>Bytes as a broken peer may send them: mostly separators and letters, some of anything.</summary>
    public static Gen<byte[]> Bytes { get; } = Gen.Frequency(
        (6, Gen.Elements("|^~\\&\r\n\"#"u8.ToArray())),
        (6, Gen.Elements("MSHPIDOBXZ019 .XF"u8.ToArray())),
        (2, Gen.Choose(0, 255).Select(static i => (byte)i)),
        (1, Gen.Elements<byte>(0x0B, 0x1C, 0x1B, 0xEF, 0xBB, 0xBF, 0x81, (byte)'$', (byte)'(', (byte)'B'))).ArrayOf();

    /// <summary>Texts of any printable characters, line breaks and separators.</summary>
    public static Gen<string> Text { get; } = Gen.Frequency(
        (5, Gen.Choose(0x20, 0x7E).Select(static i => ((char)i).ToString())),
        (3, Gen.Elements("|", "^", "~", "\\", "&", "#", "\r", "\n", "\0", "\t")),
        (2, Gen.Elements("é", "ß", "日", "本", "語", "Ж", "\U0001F600", "\u00A0"))).ListOf().Select(static parts => string.Concat(parts));
}
