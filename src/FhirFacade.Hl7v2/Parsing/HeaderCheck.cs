using System.Collections.Immutable;
using System.Globalization;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>What chapter 2 demands of every message, whatever its type.</summary>
internal static class HeaderCheck
{
    public static void Check(Hl7Message message, List<int>? joined, ref ImmutableArray<Hl7Error>.Builder? errors)
    {
        var header = message[0];
        if (!header[9].HasValue)
        {
            Add(ref errors, Table0357.RequiredFieldMissing, Hl7Severity.Error, "MSH-9", "MSH-9 is required: without it the message has no type.");
        }

        Require(header, 10, "MSH-10 is required: without it no acknowledgement can be matched.", ref errors);
        Require(header, 11, "MSH-11 is required.", ref errors);
        if (!header[12].HasValue)
        {
            Require(header, 12, "MSH-12 is required.", ref errors);
        }
        else if (!IsKnownVersion(header[12].Component(1).Raw))
        {
            Add(ref errors, Table0357.UnsupportedVersionId, Hl7Severity.Warning, "MSH-12", "MSH-12 is no version from 2.1 to 2.9.");
        }

        if (message.Find(SegmentName.Msh, 2) >= 0)
        {
            Add(ref errors, Table0357.SegmentSequence, Hl7Severity.Error, "MSH(2)", "A message has one segment MSH.");
        }

        foreach (var index in joined ?? [])
        {
            Add(
                ref errors,
                Table0357.SegmentSequence,
                Hl7Severity.Warning,
                string.Create(CultureInfo.InvariantCulture, $"segment {index + 1}"),
                "A line that starts no segment follows: read as the rest of this segment's last field.");
        }
    }

    private static bool IsKnownVersion(ReadOnlySpan<byte> version) =>
        version is [(byte)'2', (byte)'.', >= (byte)'1' and <= (byte)'9'] or [(byte)'2', (byte)'.', >= (byte)'1' and <= (byte)'9', (byte)'.', ..];

    private static void Require(Hl7Segment header, int field, string rule, ref ImmutableArray<Hl7Error>.Builder? errors)
    {
        if (!header[field].HasValue)
        {
            Add(ref errors, Table0357.RequiredFieldMissing, Hl7Severity.Warning, string.Create(CultureInfo.InvariantCulture, $"MSH-{field}"), rule);
        }
    }

    private static void Add(ref ImmutableArray<Hl7Error>.Builder? errors, int code, Hl7Severity severity, string location, string rule)
    {
        errors ??= ImmutableArray.CreateBuilder<Hl7Error>();
        errors.Add(new Hl7Error(code, severity, location, rule));
    }
}
