using System.Collections.Immutable;
using System.Text.Json;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>A hospital with three patients. Ids begin with the letter of the patient they belong to: x, y or z; n for nobody.</summary>
internal static class Hospital
{
    public static ImmutableArray<JsonElement> Resources { get; } = [.. Texts.Select(text => JsonDocument.Parse(text).RootElement)];

    private static IEnumerable<string> Texts =>
    [
        """{"resourceType":"Organization","id":"n-org1","name":"General Hospital","active":true,"identifier":[{"system":"urn:org","value":"GH"}]}""",
        """{"resourceType":"Organization","id":"n-org2","name":"Cardiology","active":true,"partOf":{"reference":"Organization/n-org1"}}""",
        """{"resourceType":"Practitioner","id":"n-house","name":[{"family":"House","given":["Gregory"]}],"gender":"male"}""",
        """{"resourceType":"Practitioner","id":"n-grey","name":[{"family":"Grey","given":["Meredith"]}],"gender":"female"}""",
        """{"resourceType":"Location","id":"n-ward","name":"Ward 7","status":"active","position":{"latitude":47.0707,"longitude":15.4395},"managingOrganization":{"reference":"Organization/n-org2"}}""",
        """
        {"resourceType":"Patient","id":"x","meta":{"source":"urn:feed:one","security":[{"system":"urn:label","code":"local"}],"tag":[{"system":"urn:tag","code":"vip"}],"profile":["http://example.org/patient"]},
         "identifier":[{"system":"urn:mrn","value":"MRN-1"},{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"SS"}]},"system":"urn:ssn","value":"111"}],
         "active":true,"name":[{"family":"Müller-Lüdenscheidt","given":["Anna","Maria"]}],"gender":"female","birthDate":"1980-05-17",
         "telecom":[{"system":"phone","value":"+43 316 555"}],"address":[{"line":["Hauptplatz 1"],"city":"Graz","postalCode":"8010","country":"AT"}],
         "generalPractitioner":[{"reference":"Practitioner/n-house"}],"managingOrganization":{"reference":"Organization/n-org1"}}
        """,
        """
        {"resourceType":"Patient","id":"y","identifier":[{"system":"urn:mrn","value":"MRN-2"},{"system":"urn:ssn","value":"MRN-1"}],
         "active":false,"name":[{"text":"Bernd O'Brien","family":"O'Brien","given":["Bernd"]}],"gender":"male","birthDate":"1975-11",
         "address":[{"city":"Großgmain","country":"AT"}],"deceasedDateTime":"2024-06-01T10:00:00Z",
         "generalPractitioner":[{"reference":"Practitioner/n-grey"}],"managingOrganization":{"reference":"Organization/n-org1"}}
        """,
        """
        {"resourceType":"Patient","id":"z","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'><strong>Bone</strong> &amp; metastases</div>"},"identifier":[{"system":"urn:mrn","value":"MRN-3"},{"value":"loose"}],
         "name":[{"family":"van Aken","given":["Annabel"]}],"gender":"female","birthDate":"1980",
         "link":[{"other":{"reference":"Patient/x"},"type":"seealso"}]}
        """,
        """
        {"resourceType":"Encounter","id":"x-enc","identifier":[{"system":"urn:visit","value":"V1"}],"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},
         "subject":{"reference":"Patient/x"},"period":{"start":"2024-01-10T08:00:00Z","end":"2024-01-12T16:00:00Z"},
         "participant":[{"individual":{"reference":"Practitioner/n-house"}}],"location":[{"location":{"reference":"Location/n-ward"}}],
         "length":{"value":56,"unit":"hours","system":"http://unitsofmeasure.org","code":"h"}}
        """,
        """
        {"resourceType":"Encounter","id":"y-enc","status":"in-progress","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},
         "subject":{"reference":"Patient/y"},"period":{"start":"2024-02-01"},"participant":[{"individual":{"reference":"Practitioner/n-grey"}}]}
        """,
        """
        {"resourceType":"Encounter","id":"z-enc","status":"planned","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"Patient/z"}}
        """,
        Observation("x-hb", "x", "final", "laboratory", "718-7", "\"effectiveDateTime\":\"2024-01-10\"",
            "\"valueQuantity\":{\"value\":13.5,\"unit\":\"g/dl\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"g/dL\"},\"encounter\":{\"reference\":\"Encounter/x-enc\"},\"performer\":[{\"reference\":\"Practitioner/n-house\"}]"),
        Observation("x-hr", "x", "final", "vital-signs", "8867-4", "\"effectiveDateTime\":\"2024-01-11T08:30:00+01:00\"",
            "\"valueQuantity\":{\"value\":72,\"unit\":\"beats/min\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"/min\"},\"encounter\":{\"reference\":\"Encounter/x-enc\"}"),
        Observation("x-glu", "x", "preliminary", "laboratory", "2345-7", "\"effectivePeriod\":{\"start\":\"2024-03-01\",\"end\":\"2024-03-05\"}",
            "\"valueQuantity\":{\"value\":95.0,\"unit\":\"mg/dL\"},\"derivedFrom\":[{\"reference\":\"Observation/y-hb\"}]"),
        Observation("x-smoke", "x", "final", "social-history", "72166-2", null,
            "\"valueString\":\"Never smoked tobacco, as far as the patient remembers\""),
        Observation("y-hb", "y", "final", "laboratory", "718-7", "\"effectiveDateTime\":\"2024-02-01T12:00:00Z\"",
            "\"valueQuantity\":{\"value\":15,\"unit\":\"g/dl\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"g/dL\"},\"encounter\":{\"reference\":\"Encounter/y-enc\"},\"performer\":[{\"reference\":\"Practitioner/n-house\"}]"),
        Observation("y-hr", "y", "amended", "vital-signs", "8867-4", "\"effectiveDateTime\":\"2023\"",
            "\"valueQuantity\":{\"value\":110,\"unit\":\"beats/min\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"/min\"},\"hasMember\":[{\"reference\":\"Observation/x-hb\"}]"),
        Observation("y-hiv", "y", "final", "laboratory", "75622-1", "\"effectiveInstant\":\"2024-02-02T09:15:30.500Z\"",
            "\"valueCodeableConcept\":{\"coding\":[{\"system\":\"urn:result\",\"code\":\"POS\"}]}"),
        Observation("z-hb", "z", "final", "laboratory", "718-7", "\"effectivePeriod\":{\"start\":\"2022-01-01\"}",
            "\"valueQuantity\":{\"value\":9.81,\"unit\":\"g/dl\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"g/dL\"}"),
        Observation("z-bp", "z", "final", "exam", "85354-9", null,
            "\"component\":[{\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8480-6\"}]},\"valueQuantity\":{\"value\":120,\"unit\":\"mmHg\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mm[Hg]\"}},"
            + "{\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8462-4\"}]},\"valueQuantity\":{\"value\":80,\"unit\":\"mmHg\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"mm[Hg]\"}}]"),
        Observation("n-both", "x", "final", "laboratory", "718-7", "\"effectiveDateTime\":\"2024-01-10\"", "\"performer\":[{\"reference\":\"Patient/y\"}]"),
        """{"resourceType":"Observation","id":"n-logical","status":"final","code":{"text":"free text only"},"subject":{"identifier":{"system":"urn:mrn","value":"MRN-9"}}}""",
        """{"resourceType":"Observation","id":"n-elsewhere","status":"final","code":{"coding":[{"code":"718-7"}]},"subject":{"reference":"https://other.example.org/fhir/Patient/x"}}""",
        """
        {"resourceType":"DiagnosticReport","id":"x-report","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"58410-2"}]},"subject":{"reference":"Patient/x"},
         "effectiveDateTime":"2024-01-10","issued":"2024-01-11T10:00:00Z","result":[{"reference":"Observation/x-hb"}]}
        """,
        """
        {"resourceType":"DiagnosticReport","id":"y-report","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"58410-2"}]},"subject":{"reference":"Patient/y"},
         "effectiveDateTime":"2024-02-01","issued":"2024-02-03T10:00:00Z","result":[{"reference":"Observation/y-hb"},{"reference":"Observation/y-hiv"}]}
        """,
        """{"resourceType":"Condition","id":"x-cond","subject":{"reference":"Patient/x"},"code":{"coding":[{"system":"http://snomed.info/sct","code":"38341003"}]},"onsetDateTime":"2010","recordedDate":"2011-03-01"}""",
        """{"resourceType":"Condition","id":"y-cond","subject":{"reference":"Patient/y"},"code":{"coding":[{"system":"http://snomed.info/sct","code":"86406008"}]},"onsetPeriod":{"end":"2020-01-01"},"recordedDate":"2020-02-01","evidence":[{"detail":[{"reference":"Observation/y-hiv"}]}]}""",
        """{"resourceType":"Provenance","id":"x-prov","target":[{"reference":"Patient/x"},{"reference":"Observation/x-hb"}],"recorded":"2024-01-10T09:00:00Z","agent":[{"who":{"reference":"Practitioner/n-house"}}]}""",
        """{"resourceType":"Provenance","id":"y-prov","target":[{"reference":"Patient/y"},{"reference":"Observation/y-hb"}],"recorded":"2024-02-01T09:00:00Z","agent":[{"who":{"reference":"Practitioner/n-grey"}}]}""",
        """{"resourceType":"MessageHeader","id":"n-msg","eventCoding":{"system":"http://terminology.hl7.org/CodeSystem/v2-0003","code":"A01"},"source":{"endpoint":"urn:adt"},"focus":[{"reference":"Patient/x"},{"reference":"Patient/y"}]}""",
        """{"resourceType":"List","id":"n-list","status":"current","mode":"working","entry":[{"item":{"reference":"Patient/x"}},{"item":{"reference":"Patient/z"}}]}""",
        """{"resourceType":"RiskAssessment","id":"x-risk","status":"final","subject":{"reference":"Patient/x"},"prediction":[{"probabilityDecimal":0.25},{"probabilityDecimal":0.750}]}""",
        """{"resourceType":"RiskAssessment","id":"y-risk","status":"final","subject":{"reference":"Patient/y"},"prediction":[{"probabilityDecimal":1e-1}]}""",
    ];

    private static string Observation(string id, string patient, string status, string category, string code, string? date, string rest)
    {
        return $$"""
            {"resourceType":"Observation","id":"{{id}}","status":"{{status}}",
             "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"{{category}}"}]}],
             "code":{"coding":[{"system":"http://loinc.org","code":"{{code}}"}]},"subject":{"reference":"Patient/{{patient}}"},
             {{(date is null ? "" : date + ",")}}{{rest}}}
            """;
    }
}
