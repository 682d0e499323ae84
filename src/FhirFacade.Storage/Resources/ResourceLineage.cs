using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// Which field each element of a version came from, folded: what all versions of one kind have in common is the shape, written once; the segments
/// are the version's own. Holds places only, never values.
/// </summary>
public sealed class ResourceLineage
{
    private ResourceLineage(string elements, string segments) => (Elements, Segments) = (elements, segments);

    /// <summary>Lines of a segment's number, the place in it, and the element: <c>0-5.1 name[].family</c>.</summary>
    internal string Elements { get; }

    /// <summary>The segments by number, blanks between them: <c>PID OBX(3)</c>.</summary>
    internal string Segments { get; }

    /// <summary>Names the shape.</summary>
    internal long Shape => BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(Elements)));

    /// <summary>Folds pairs of an element (<c>name[].family</c>) and the coordinate of its field (<c>OBX(3)-5.1</c>).</summary>
    public static ResourceLineage Of(IEnumerable<(string Element, string Field)> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var segments = new List<string>();
        var elements = new StringBuilder();
        foreach (var (element, field) in fields)
        {
            var dash = field.IndexOf('-', StringComparison.Ordinal);
            var segment = dash < 0 ? field : field[..dash];
            var number = segments.IndexOf(segment);
            if (number < 0)
            {
                number = segments.Count;
                segments.Add(segment);
            }

            elements.Append(CultureInfo.InvariantCulture, $"{number}{(dash < 0 ? "" : field[dash..])} {element}\n");
        }

        return new(elements.ToString(), string.Join(' ', segments));
    }

    /// <summary>The pairs, in the order in which the elements were made.</summary>
    internal static ImmutableArray<(string Element, string Field)> Unfold(string elements, string segments)
    {
        var names = segments.Split(' ');
        return
        [
            .. from line in elements.Split('\n', StringSplitOptions.RemoveEmptyEntries)
               let blank = line.IndexOf(' ', StringComparison.Ordinal)
               let place = line[..blank]
               let digits = place.TakeWhile(char.IsAsciiDigit).Count()
               select (line[(blank + 1)..], names[int.Parse(place.AsSpan(0, digits), CultureInfo.InvariantCulture)] + place[digits..]),
        ];
    }
}
