using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FhirFacade.Storage.Search.Index;

/// <summary>
/// Which Binary a resource shows: terms of the index that no search asks for, but the condition of a grant does. A Binary says nothing of whom it is about; what shows it does
/// (https://hl7.org/fhir/R4/binary.html#security).
/// </summary>
internal static class AttachmentTerms
{
    private const string Shown = "Binary";
    private const string Parameter = "_attachment";

    private static readonly HashSet<string> Showing = new(StringComparer.Ordinal) { "Communication", "Consent", "DiagnosticReport", "DocumentManifest", "DocumentReference", "Media", "Patient", "QuestionnaireResponse" };

    /// <summary>The types of which a Binary may name one as its security context, those among them that show one by attachments.</summary>
    public static ImmutableArray<string> Contexts { get; } =
    [
        "Communication", "Composition", "Condition", "Consent", "DiagnosticReport", "DocumentManifest", "DocumentReference", "Encounter", "ImagingStudy", "Media", "Observation", "Patient", "Procedure", "QuestionnaireResponse", "ServiceRequest",
    ];

    /// <summary>What turns the <c>ref_hash</c> of a Binary into the term of whoever shows it.</summary>
    public static long Constant { get; } = Terms.ReferenceConstant(Parameter);

    /// <summary>Whether resources of the type are as open as what they belong to.</summary>
    public static bool IsShown(string type) => type == Shown;

    /// <summary>Whether resources of the type have such terms.</summary>
    public static bool Shows(string type) => Showing.Contains(type);

    /// <summary>The terms of a resource, by every url or reference in it that may be one of a Binary here, on whatever host it says that to be.</summary>
    public static IEnumerable<long> Of(string type, JsonElement resource)
    {
        if (!Shows(type) || JsonMarshal.GetRawUtf8Value(resource).IndexOf("Binary"u8) < 0)
        {
            return [];
        }

        var found = new HashSet<long>();
        Collect(resource, found);
        return found;
    }

    private static void Collect(JsonElement element, HashSet<long> found)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Collect(item, found);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    if (property.Value.ValueKind != JsonValueKind.String)
                    {
                        Collect(property.Value, found);
                    }
                    else if ((property.NameEquals("url"u8) || property.NameEquals("reference"u8)) && IdIn(property.Value.GetString()!) is { } id)
                    {
                        found.Add(Terms.Reference(Parameter, Shown, id));
                    }
                }

                break;
        }
    }

    // [base]/Binary/[id], with a version or a query behind it.
    private static string? IdIn(string url)
    {
        var parts = url.Split('?', '#')[0].Split('/');
        var at = Array.LastIndexOf(parts, Shown);
        return at >= 0 && at + 1 < parts.Length && parts[at + 1].Length > 0 ? parts[at + 1] : null;
    }
}
