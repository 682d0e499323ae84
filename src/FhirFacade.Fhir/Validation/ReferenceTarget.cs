using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Validation;

/// <summary>The resource type that a literal reference names.</summary>
internal static class ReferenceTarget
{
    /// <summary>
    /// The type in <c>Type/id</c>, <c>Type/id/_history/version</c>, <c>Type?search</c> or the same at the end of an absolute
    /// http(s) url; null where the text does not tell, as for urn:uuid: or the url of something that is no FHIR server.
    /// </summary>
    public static string? TypeOf(string reference, DefinitionSet definitions)
    {
        if (reference.Contains(':', StringComparison.Ordinal) && !reference.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var query = reference.AsSpan().IndexOfAny('?', '#');
        var path = query < 0 ? reference.AsSpan() : reference.AsSpan(0, query);
        var history = path.IndexOf("/_history/", StringComparison.Ordinal);
        path = history < 0 ? path : path[..history];
        if (query < 0 || reference[query] == '#')
        {
            var slash = path.LastIndexOf('/');
            if (slash <= 0 || !PrimitiveFormat.IsId(path[(slash + 1)..]))
            {
                return null;
            }

            path = path[..slash];
        }

        var type = path[(path.LastIndexOf('/') + 1)..].ToString();
        return definitions.IsResourceType(type) ? type : null;
    }
}
