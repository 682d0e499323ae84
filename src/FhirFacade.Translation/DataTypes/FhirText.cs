using System.Buffers;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.DataTypes;

/// <summary>v2 text as R4's primitives allow it (string, code, uri): never empty, no control characters.</summary>
internal static class FhirText
{
    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(static i => (char)i).Where(static c => c is not ('\t' or '\n' or '\r')), '\x7F']);

    /// <summary>A string without surrounding blanks; null if nothing is left.</summary>
    public static string? String(Hl7Element value) =>
        value.Raw.Length > 0 && value.Subcomponent(1) is var first && first.HasValue ? String(first.Text) : null;

    public static string? String(string text)
    {
        text = WithoutControls(text).Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>Free text: leading blanks stay, since reports are laid out with them.</summary>
    public static string? Block(string text)
    {
        text = WithoutControls(text).TrimEnd();
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>A code: single blanks inside at most.</summary>
    public static string? Code(Hl7Element value) => String(value) is { } text ? Blanks(text) : null;

    /// <inheritdoc cref="Code(Hl7Element)"/>
    public static string? Code(string value) => String(value) is { } text ? Blanks(text) : null;

    private static string Blanks(string text) =>
        text.AsSpan().ContainsAny('\t', '\n', '\r') || text.Contains("  ", StringComparison.Ordinal)
            ? string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            : text;

    /// <summary>A uri or url: no blanks.</summary>
    public static string? Uri(Hl7Element value) => String(value) is { } text ? text.Any(char.IsWhiteSpace) ? System.Uri.EscapeDataString(text) : text : null;

    private static string WithoutControls(string text) =>
        text.AsSpan().ContainsAny(Controls) ? string.Concat(text.Where(static c => !Controls.Contains(c))) : text;
}
