using System.Text;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Tests;

/// <summary>Short messages written in the tests.</summary>
internal static class Messages
{
    public const string Header = "MSH|^~\\&|APP|FAC|RCV|RFAC|20240517093012||ADT^A01^ADT_A01|ID1|P|2.5.1";

    /// <summary>A message of the usual header and these segments.</summary>
    public static Hl7Message With(params string[] segments) => Parse(string.Join('\r', [Header, .. segments]));

    /// <summary>A message whose MSH-18 is the given one, its other segments as bytes.</summary>
    public static Hl7ParseResult Declaring(string charset, params ReadOnlySpan<byte> rest)
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes($"{Header}||||||{charset}\r"), .. rest];
        return Hl7Message.Parse(bytes);
    }

    public static Hl7Message Parse(string text)
    {
        var result = Hl7Message.Parse(Encoding.UTF8.GetBytes(text));
        Assert.NotNull(result.Message);
        return result.Message;
    }

    public static Hl7ParseResult Read(string text) => Hl7Message.Parse(Encoding.Latin1.GetBytes(text));
}
