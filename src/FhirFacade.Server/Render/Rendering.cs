using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FhirFacade.Server.Render;

/// <summary>How the caller wants resources written.</summary>
/// <param name="ContentType">What the answer is labelled with.</param>
/// <param name="Pretty">Indented, for people.</param>
/// <param name="Summary">The part of each resource that <c>_summary</c> asks for.</param>
/// <param name="Elements">The elements that <c>_elements</c> asks for; empty asks for all.</param>
public sealed record Rendering(string ContentType, bool Pretty, Summary Summary, ImmutableArray<string> Elements)
{
    /// <summary>The media type of FHIR's JSON (R4 http.html, mime types).</summary>
    public const string FhirJson = "application/fhir+json; charset=utf-8";

    /// <summary>The media type of FHIR's XML.</summary>
    public const string FhirXml = "application/fhir+xml; charset=utf-8";

    /// <summary>Whole resources as they are stored.</summary>
    public static Rendering Default { get; } = new(FhirJson, Pretty: false, Summary.False, []);

    /// <summary>Whether stored bytes go out as they are.</summary>
    public bool IsVerbatim => !Pretty && IsWhole && !IsXml;

    /// <summary>Whether it is XML that is wanted, not JSON.</summary>
    public bool IsXml => ContentType.Contains("xml", StringComparison.Ordinal);

    /// <summary>Whether nothing is left out of a resource.</summary>
    public bool IsWhole => Summary == Summary.False && Elements.IsEmpty;

    internal JsonWriterOptions WriterOptions => new()
    {
        Indented = Pretty,
        // The answer is never put into a page: what JSON allows raw stays readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };
}

/// <summary>The values of <c>_summary</c> (R4 search.html, summary).</summary>
public enum Summary
{
    /// <summary>Everything.</summary>
    False,

    /// <summary>The elements that the definitions mark as summary.</summary>
    True,

    /// <summary>Narrative, id, meta and mandatory elements.</summary>
    Text,

    /// <summary>Everything but the narrative.</summary>
    Data,

    /// <summary>Only the number of matches.</summary>
    Count,
}
