using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace FhirFacade.Server.Pages;

/// <summary>
/// A piece of HTML, written as an interpolated string: <c>Html piece = $"&lt;p&gt;{name}&lt;/p&gt;"</c>. Every text that is put in is encoded, for content and for
/// quoted attributes alike; only another <see cref="Html"/> goes in as it is.
/// </summary>
/// <remarks>An address that somebody else chose is not made safe by this: <c>href</c> takes only addresses that this server made or has checked.</remarks>
[InterpolatedStringHandler]
public sealed class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder markup;

    /// <summary>For the compiler.</summary>
    public Html(int literalLength, int formattedCount) => markup = new StringBuilder(literalLength + (formattedCount * 16));

    /// <summary>Nothing.</summary>
    public static Html Empty { get; } = new(0, 0);

    /// <summary>The piece itself; for places where the type would otherwise be a text.</summary>
    public static Html Of(Html piece) => piece;

    /// <summary>For the compiler: markup as it stands in the source.</summary>
    public void AppendLiteral(string value) => markup.Append(value);

    /// <summary>For the compiler: a text, encoded.</summary>
    public void AppendFormatted(string? value) => markup.Append(value is null ? null : Encoder.Encode(value));

    /// <summary>For the compiler: a number.</summary>
    public void AppendFormatted(int value) => markup.Append(CultureInfo.InvariantCulture, $"{value}");

    /// <summary>For the compiler: a piece, as it is.</summary>
    public void AppendFormatted(Html? value) => markup.Append(value?.markup);

    /// <summary>For the compiler: pieces, one after the other.</summary>
    public void AppendFormatted(IEnumerable<Html> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        foreach (var piece in value)
        {
            markup.Append(piece.markup);
        }
    }

    /// <summary>The markup.</summary>
    public override string ToString() => markup.ToString();
}
