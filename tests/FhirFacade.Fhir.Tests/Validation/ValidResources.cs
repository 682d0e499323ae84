using System.Text.Json.Nodes;

namespace FhirFacade.Fhir.Tests.Validation;

/// <summary>Resources without an issue, to be broken in one place at a time.</summary>
internal static class ValidResources
{
    public static IReadOnlyDictionary<string, string> ByName { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Patient"] = """
            {
              "resourceType": "Patient", "id": "p1",
              "meta": { "versionId": "1", "lastUpdated": "2024-05-01T10:00:00.000Z", "profile": ["http://example.org/StructureDefinition/p"] },
              "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">P</div>" },
              "contained": [{ "resourceType": "Organization", "id": "o1", "name": "Ward" }],
              "extension": [{ "url": "http://example.org/e", "extension": [{ "url": "part", "valueCode": "x" }] }],
              "identifier": [{ "use": "official", "system": "urn:oid:1.2.3", "value": "42", "period": { "start": "2020" }, "assigner": { "display": "A" } }],
              "active": true,
              "name": [
                { "family": "Doe", "given": ["Jane", null, "Q"], "_given": [null, { "extension": [{ "url": "http://example.org/absent", "valueCode": "unknown" }] }, { "id": "g3" }] },
                { "text": "JD" }
              ],
              "telecom": [{ "system": "phone", "value": "1", "rank": 1 }],
              "gender": "female",
              "birthDate": "1980-02-29", "_birthDate": { "extension": [{ "url": "http://example.org/t", "valueDateTime": "1980-02-29T10:00:00+01:00" }] },
              "deceasedBoolean": false,
              "contact": [{ "relationship": [{ "coding": [{ "system": "http://example.org/r", "code": "N", "userSelected": false }] }], "name": { "family": "Doe" } }],
              "communication": [{ "language": { "text": "German" }, "preferred": true }],
              "generalPractitioner": [{ "reference": "Practitioner/d1", "type": "Practitioner" }],
              "managingOrganization": { "reference": "#o1" },
              "link": [{ "other": { "reference": "https://example.org/fhir/Patient/p2" }, "type": "seealso" }]
            }
            """,
        ["Observation"] = """
            {
              "resourceType": "Observation", "id": "o1", "status": "final",
              "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory" }] }],
              "code": { "coding": [{ "system": "http://loinc.org", "code": "718-7", "display": "Hb" }], "text": "Hb" },
              "subject": { "reference": "Patient/p1" },
              "effectivePeriod": { "start": "2024-05-01T10:00:00Z", "end": "2024-05-01T10:00:01Z" },
              "issued": "2024-05-01T10:00:00Z",
              "performer": [{ "reference": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520" }],
              "valueQuantity": { "value": 7.20, "comparator": "<", "unit": "g/dL", "system": "http://unitsofmeasure.org", "code": "g/dL" },
              "referenceRange": [{ "low": { "value": 1E1 }, "age": { "low": { "value": 18 } }, "text": "x" }],
              "component": [{ "code": { "text": "c" }, "valueInteger": -3, "referenceRange": [{ "text": "y" }] }]
            }
            """,
        ["Bundle"] = """
            {
              "resourceType": "Bundle", "type": "transaction", "total": 0,
              "entry": [
                { "fullUrl": "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
                  "resource": { "resourceType": "Parameters", "parameter": [{ "name": "a", "resource": { "resourceType": "Basic", "code": { "text": "b" } } }, { "name": "c", "part": [{ "name": "d", "valuePositiveInt": 1 }] }] },
                  "request": { "method": "POST", "url": "Parameters" } },
                { "resource": { "resourceType": "Encounter", "status": "planned", "class": { "code": "IMP" }, "subject": { "reference": "Patient?identifier=a|b" },
                    "contained": [{ "resourceType": "Patient", "id": "inner" }], "participant": [{ "individual": { "reference": "Practitioner/x/_history/2" } }] },
                  "request": { "method": "PUT", "url": "Encounter/e" } }
              ]
            }
            """,
    };

    public static JsonObject Copy(string name) => (JsonObject)JsonNode.Parse(ByName[name])!;

    /// <summary>The node at a place such as <c>name[0].given</c>; JSON names, counted from 0.</summary>
    public static JsonNode At(JsonNode root, string place)
    {
        foreach (var step in place.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
        {
            root = (int.TryParse(step, out var index) ? root[index] : root[step])!;
        }

        return root;
    }

    /// <summary>Puts JSON at a place; null for the JSON takes the property away.</summary>
    public static void Put(JsonObject root, string place, string? json)
    {
        var cut = place.LastIndexOfAny(['.', '[']);
        var parent = cut < 0 ? root : At(root, place[..cut]);
        var step = place[(cut + 1)..].TrimEnd(']');
        if (json is null)
        {
            ((JsonObject)parent).Remove(step);
        }
        else if (parent is JsonArray array)
        {
            array[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(json);
        }
        else
        {
            parent[step] = JsonNode.Parse(json);
        }
    }
}
