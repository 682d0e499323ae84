namespace FhirFacade.Fuzz;

/// <summary>Definitional resources of a small guide.</summary>
internal static class PackageSeeds
{
    public static IReadOnlyList<string> Resources { get; } =
    [
        """
        {"resourceType":"StructureDefinition","url":"http://example.org/p","version":"1","type":"Patient","derivation":"constraint","kind":"resource","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient",
         "differential":{"element":[{"id":"Patient","path":"Patient","constraint":[{"key":"p-1","severity":"error","expression":"name.given.exists() or identifier.exists()"}]},
          {"id":"Patient.identifier","path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],"ordered":true,"rules":"closed"},"min":1},
          {"id":"Patient.identifier:mrn","path":"Patient.identifier","sliceName":"mrn","min":1,"max":"1"},
          {"id":"Patient.identifier:mrn.system","path":"Patient.identifier.system","min":1,"fixedUri":"urn:oid:1.2.3"},
          {"id":"Patient.extension","path":"Patient.extension","slicing":{"discriminator":[{"type":"value","path":"url"}],"rules":"open"}},
          {"id":"Patient.extension:e","path":"Patient.extension","sliceName":"e","type":[{"code":"Extension","profile":["http://example.org/e"]}]},
          {"id":"Patient.generalPractitioner","path":"Patient.generalPractitioner","type":[{"code":"Reference","targetProfile":["http://example.org/o"]}]},
          {"id":"Patient.maritalStatus","path":"Patient.maritalStatus","binding":{"strength":"required","valueSet":"http://example.org/v|1"},"patternCodeableConcept":{"coding":[{"code":"a"}]}}]}}
        """,
        """
        {"resourceType":"StructureDefinition","url":"http://example.org/o","type":"Observation","derivation":"constraint","kind":"resource","baseDefinition":"http://example.org/p",
         "snapshot":{"element":[{"id":"Observation","path":"Observation"},{"id":"Observation.value[x]","path":"Observation.value[x]","slicing":{"discriminator":[{"type":"type","path":"$this"}],"rules":"closed"},"type":[{"code":"Quantity"}]},
          {"id":"Observation.value[x]:valueQuantity","path":"Observation.value[x]","sliceName":"valueQuantity","type":[{"code":"Quantity"}]},
          {"id":"Observation.component","path":"Observation.component","slicing":{"discriminator":[{"type":"pattern","path":"code"},{"type":"exists","path":"value"},{"type":"profile","path":"value.resolve()"}],"rules":"openAtEnd"}},
          {"id":"Observation.component:c","path":"Observation.component","sliceName":"c"},{"id":"Observation.component:c.code","path":"Observation.component.code","patternCodeableConcept":{"coding":[{"code":"x"}]}}]}}
        """,
        """
        {"resourceType":"StructureDefinition","url":"http://example.org/e","type":"Extension","derivation":"constraint","kind":"complex-type","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension",
         "context":[{"type":"element","expression":"Patient"},{"type":"fhirpath","expression":"Patient.name.given"},{"type":"extension","expression":"http://example.org/e"}],"contextInvariant":["true"],
         "snapshot":{"element":[{"id":"Extension","path":"Extension"},{"id":"Extension.url","path":"Extension.url","fixedUri":"http://example.org/e"},{"id":"Extension.value[x]","path":"Extension.value[x]","min":1,"type":[{"code":"string"}],"maxLength":3}]}}
        """,
        """
        {"resourceType":"CodeSystem","url":"http://example.org/c","version":"1","content":"complete","caseSensitive":false,"concept":[{"code":"a","display":"A","concept":[{"code":"b","property":[{"code":"parent","valueCode":"c"},{"code":"level","valueInteger":3}],
         "concept":[{"code":"c","property":[{"code":"parent","valueCode":"a"}]}]}]},{"code":"d","property":[{"code":"child","valueCode":"a"}]}]}
        """,
        """
        {"resourceType":"ValueSet","url":"http://example.org/v","compose":{"include":[{"system":"http://example.org/c","filter":[{"property":"concept","op":"is-a","value":"a"},{"property":"code","op":"regex","value":"(a|b)*"}]},{"valueSet":["http://example.org/v2"]}],
         "exclude":[{"system":"http://example.org/c","concept":[{"code":"b"}]}]}}
        """,
        """{"resourceType":"ValueSet","url":"http://example.org/v2","compose":{"include":[{"valueSet":["http://example.org/v"]},{"system":"http://hl7.org/fhir/administrative-gender"}]}}""",
        """
        {"resourceType":"ConceptMap","url":"http://example.org/m","sourceUri":"http://example.org/v","targetCanonical":"http://example.org/v2","group":[{"source":"http://example.org/c","target":"http://example.org/d",
         "element":[{"code":"a","target":[{"code":"z","equivalence":"equal"}]}],"unmapped":{"mode":"other-map","url":"http://example.org/m"}}]}
        """,
        """{"resourceType":"SearchParameter","url":"http://example.org/s","code":"s","type":"composite","base":["Patient"],"expression":"Patient.active","component":[{"definition":"http://example.org/s","expression":"$this"}]}""",
    ];
}
