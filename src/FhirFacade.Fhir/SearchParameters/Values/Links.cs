using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.SearchParameters.Values;

/// <summary>https://hl7.org/fhir/R4/search.html#reference and https://hl7.org/fhir/R4/search.html#uri</summary>
internal static class Links
{
    public static void AddReference(string parameter, in Item item, IndexValueList values)
    {
        var json = item.Json;
        if (item.Kind == SystemKind.String)
        {
            AddCanonical(parameter, item.Computed as string ?? json.NonEmptyText(), values, static (code, url) => new ExternalReferenceValue(code, url));
        }
        else if (item.Type is { IsResource: true } type)
        {
            AddResource(parameter, type.Name, json.Text("id"u8), values);
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            AddUrl(parameter, json.Text("reference"u8), values);
            var identifier = json.Property("identifier"u8);
            if (identifier.TryText("value"u8, out var value))
            {
                values.Add(new IdentifierReferenceValue(parameter, identifier.Text("system"u8), value));
            }
        }
    }

    public static void AddUri(string parameter, in Item item, IndexValueList values) =>
        AddCanonical(parameter, item.Computed as string ?? item.Json.NonEmptyText(), values, static (code, url) => new UriValue(code, url));

    private static void AddResource(string parameter, string type, string? id, IndexValueList values)
    {
        if (id is not null)
        {
            values.Add(new ReferenceValue(parameter, type, id));
        }
    }

    private static void AddUrl(string parameter, string? url, IndexValueList values)
    {
        if (url is null || url.StartsWith('#'))
        {
            return;
        }

        values.Add(RelativeReference.TryParse(url, out var reference)
            ? new ReferenceValue(parameter, reference.Type, reference.Id, reference.Version)
            : new ExternalReferenceValue(parameter, url));
    }

    /// <summary>With a version (<c>url|1.0</c>) it is found with and without it.</summary>
    private static void AddCanonical(string parameter, string? url, IndexValueList values, Func<string, string, IndexValue> make)
    {
        if (url is null)
        {
            return;
        }

        values.Add(make(parameter, url));
        var version = url.IndexOf('|', StringComparison.Ordinal);
        if (version > 0)
        {
            values.Add(make(parameter, url[..version]));
        }
    }
}
