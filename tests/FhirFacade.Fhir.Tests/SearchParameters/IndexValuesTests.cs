using System.Text.Json;
using FhirFacade.Fhir.SearchParameters;
using Xunit;

namespace FhirFacade.Fhir.Tests.SearchParameters;

public sealed class IndexValuesTests
{
    private const string Loinc = "http://loinc.org";
    private const string Ucum = "http://unitsofmeasure.org";

    [Fact]
    public void A_patient_is_found_by_names_identifiers_and_contacts()
    {
        var values = Extract("Patient", """
            {"resourceType":"Patient","id":"p1","meta":{"lastUpdated":"2024-05-06T07:08:09.123Z","source":"urn:feed:1","profile":["http://x/p|1.0"],
              "security":[{"system":"s","code":"R"}],"tag":[{"code":"t"}]},
             "identifier":[{"system":"urn:mrn","value":"123","type":{"text":"MRN"}},{"value":"456"},{"system":"urn:none"}],
             "name":[{"family":"Ng","given":["Ann","B"],"prefix":["Dr"],"text":"Dr Ann B Ng"}],
             "telecom":[{"system":"phone","value":"555"},{"system":"email","value":"a@b"}],
             "gender":"female","birthDate":"1980-02","deceasedDateTime":"2024-01-02","active":true,
             "address":[{"city":"Ulm","postalCode":"89073","line":["Gasse 1"],"use":"home"}],
             "generalPractitioner":[{"reference":"Practitioner/d1"}],"link":[{"other":{"reference":"Patient/p2"},"type":"seealso"}]}
            """);

        Assert.Equal([new TokenValue("_id", null, "p1")], values["_id"]);
        Assert.Equal([new DateValue("_lastUpdated", Utc("2024-05-06T07:08:09.123"), Utc("2024-05-06T07:08:09.124"))], values["_lastUpdated"]);
        Assert.Equal([new UriValue("_source", "urn:feed:1")], values["_source"]);
        Assert.Equal([new UriValue("_profile", "http://x/p|1.0"), new UriValue("_profile", "http://x/p")], values["_profile"]);
        Assert.Equal([new TokenValue("_security", "s", "R")], values["_security"]);
        Assert.Equal([new TokenValue("_tag", null, "t")], values["_tag"]);
        Assert.Equal([new TokenValue("identifier", "urn:mrn", "123", "MRN"), new TokenValue("identifier", null, "456")], values["identifier"]);
        Assert.Equal(["Dr Ann B Ng", "Ng", "Ann", "B", "Dr"], Strings(values["name"]));
        Assert.Equal(["Ng"], Strings(values["family"]));
        Assert.Equal(["Ann", "B"], Strings(values["given"]));
        Assert.Equal([new TokenValue("phone", null, "555")], values["phone"]);
        Assert.Equal([new TokenValue("email", null, "a@b")], values["email"]);
        Assert.Equal([new TokenValue("gender", null, "female")], values["gender"]);
        Assert.Equal([new DateValue("birthdate", Utc("1980-02-01"), Utc("1980-03-01"))], values["birthdate"]);
        Assert.Equal([new DateValue("death-date", Utc("2024-01-02"), Utc("2024-01-03"))], values["death-date"]);
        Assert.Equal([new TokenValue("deceased", null, "true")], values["deceased"]);
        Assert.Equal([new TokenValue("active", null, "true")], values["active"]);
        Assert.Equal(["Gasse 1", "Ulm", "89073"], Strings(values["address"]));
        Assert.Equal(["Ulm"], Strings(values["address-city"]));
        Assert.Equal([new ReferenceValue("general-practitioner", "Practitioner", "d1")], values["general-practitioner"]);
        Assert.Equal([new ReferenceValue("link", "Patient", "p2")], values["link"]);
    }

    [Fact]
    public void An_observation_is_found_by_codes_values_and_their_combinations()
    {
        var values = Extract("Observation", """
            {"resourceType":"Observation","id":"o","status":"final","effectiveDateTime":"2024-05-06T10:00:00+02:00",
             "category":[{"coding":[{"system":"c","code":"laboratory"}]}],
             "code":{"coding":[{"system":"http://loinc.org","code":"2345-7","display":"Glucose"},{"system":"local","code":"GLU"}],"text":"Sugar"},
             "subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e1"},
             "valueQuantity":{"value":5.40,"unit":"mmol/l","system":"http://unitsofmeasure.org","code":"mmol/L"},
             "component":[{"code":{"coding":[{"code":"k"}]},"valueCodeableConcept":{"coding":[{"code":"v"}]}}]}
            """);

        var glucose = new TokenValue("code", Loinc, "2345-7", "Glucose");
        Assert.Equal([glucose, new TokenValue("code", "local", "GLU"), new TokenValue("code", null, "", "Sugar")], values["code"]);
        Assert.Equal([new TokenValue("category", "c", "laboratory")], values["category"]);
        Assert.Equal([new TokenValue("status", null, "final")], values["status"]);
        Assert.Equal([new DateValue("date", Utc("2024-05-06T08:00:00"), Utc("2024-05-06T08:00:01"))], values["date"]);
        Assert.Equal([new ReferenceValue("patient", "Patient", "p1")], values["patient"]);
        Assert.Equal([new ReferenceValue("subject", "Patient", "p1")], values["subject"]);
        Assert.Equal([new ReferenceValue("encounter", "Encounter", "e1")], values["encounter"]);
        var quantity = new QuantityValue("value-quantity", 5.395m, 5.405m, Ucum, "mmol/L", "mmol/l");
        Assert.Equal([quantity], values["value-quantity"]);
        Assert.Contains(new CompositeValue("code-value-quantity", [glucose, quantity]), values["code-value-quantity"]);
        Assert.Equal(3, values["code-value-quantity"].Count());
        Assert.Equal(4, values["combo-code"].Count());
        Assert.Equal([new TokenValue("component-code", null, "k")], values["component-code"]);
        Assert.Equal(
            [new CompositeValue("component-code-value-concept", [new TokenValue("component-code", null, "k"), new TokenValue("component-value-concept", null, "v")])],
            values["component-code-value-concept"]);
        Assert.DoesNotContain("value-string", values.Select(group => group.Key));
    }

    [Theory]
    [InlineData("""{"start":"2024-01-01","end":"2024-02"}""", "2024-01-01", "2024-03-01")]
    [InlineData("""{"start":"2024-01-01T12:00:00Z"}""", "2024-01-01T12:00:00", null)]
    [InlineData("""{"end":"2024"}""", null, "2025-01-01")]
    public void An_encounter_is_found_by_its_period_with_open_ends(string period, string? low, string? high)
    {
        var values = Extract("Encounter", $$"""{"resourceType":"Encounter","period":{{period}}}""");
        var expected = new DateValue("date", low is null ? DateTimeOffset.MinValue : Utc(low), high is null ? DateTimeOffset.MaxValue : Utc(high));
        Assert.Equal([expected], values["date"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"start":"2024-02-30"}""")]
    [InlineData("""{"start":"2024-02-01","end":"2023"}""")]
    public void A_period_that_says_nothing_is_not_indexed(string period) =>
        Assert.DoesNotContain("date", Extract("Encounter", $$"""{"resourceType":"Encounter","period":{{period}}}""").Select(group => group.Key));

    [Fact]
    public void An_encounter_is_found_by_class_location_and_participant()
    {
        var values = Extract("Encounter", """
            {"resourceType":"Encounter","class":{"system":"a","code":"IMP"},"identifier":[{"system":"v","value":"1"}],
             "subject":{"reference":"Patient/p"},"location":[{"location":{"reference":"Location/l1"}},{"location":{"reference":"Location/l2"}}],
             "participant":[{"individual":{"reference":"Practitioner/d"}},{"individual":{"reference":"RelatedPerson/r"}}],"length":{"value":2,"code":"d"}}
            """);
        Assert.Equal([new TokenValue("class", "a", "IMP")], values["class"]);
        Assert.Equal([new ReferenceValue("location", "Location", "l1"), new ReferenceValue("location", "Location", "l2")], values["location"]);
        Assert.Equal([new ReferenceValue("participant", "Practitioner", "d"), new ReferenceValue("participant", "RelatedPerson", "r")], values["participant"]);
        Assert.Equal([new ReferenceValue("practitioner", "Practitioner", "d")], values["practitioner"]);
        Assert.Equal([new QuantityValue("length", 1.5m, 2.5m, null, "d", null)], values["length"]);
    }

    [Fact]
    public void A_report_and_a_specimen_are_found_by_what_they_point_to()
    {
        var report = Extract("DiagnosticReport", """
            {"resourceType":"DiagnosticReport","issued":"2024-05-06T00:00:00Z","effectivePeriod":{"start":"2024-05-01"},"code":{"text":"CBC"},
             "result":[{"reference":"Observation/o1/_history/3"},{"reference":"#c"},{"reference":"urn:uuid:0"},{"reference":"http://other/fhir/Observation/9"}],
             "specimen":[{"reference":"Specimen/s"}],"basedOn":[{"identifier":{"system":"placer","value":"77"}}]}
            """);
        Assert.Equal(
            [new ReferenceValue("result", "Observation", "o1", "3"), new ExternalReferenceValue("result", "urn:uuid:0"), new ExternalReferenceValue("result", "http://other/fhir/Observation/9")],
            report["result"]);
        Assert.Equal([new TokenValue("code", null, "", "CBC")], report["code"]);
        Assert.Equal([new IdentifierReferenceValue("based-on", "placer", "77")], report["based-on"]);

        var specimen = Extract("Specimen", """
            {"resourceType":"Specimen","accessionIdentifier":{"system":"acc","value":"5"},"type":{"coding":[{"code":"BLD"}]},"collection":{"collectedDateTime":"2024"}}
            """);
        Assert.Equal([new TokenValue("accession", "acc", "5")], specimen["accession"]);
        Assert.Equal([new DateValue("collected", Utc("2024-01-01"), Utc("2025-01-01"))], specimen["collected"]);
    }

    [Fact]
    public void Coverage_provenance_and_others_are_found_by_their_own_parameters()
    {
        var coverage = Extract("Coverage", """
            {"resourceType":"Coverage","beneficiary":{"reference":"Patient/p"},"payor":[{"reference":"Organization/o"}],"subscriber":{"reference":"RelatedPerson/r"},
             "class":[{"type":{"coding":[{"code":"group"}]},"value":"G1"}],"dependent":"2"}
            """);
        Assert.Equal([new ReferenceValue("beneficiary", "Patient", "p")], coverage["beneficiary"]);
        Assert.Equal([new ReferenceValue("payor", "Organization", "o")], coverage["payor"]);
        Assert.Equal(["G1"], Strings(coverage["class-value"]));
        Assert.Equal(["2"], Strings(coverage["dependent"]));

        var provenance = Extract("Provenance", """
            {"resourceType":"Provenance","target":[{"reference":"Patient/p"},{"reference":"Observation/o"}],"recorded":"2024-05-06T07:08:09Z",
             "agent":[{"who":{"reference":"Device/d"}}],"entity":[{"what":{"identifier":{"value":"MSG1"}}}]}
            """);
        Assert.Equal([new ReferenceValue("patient", "Patient", "p")], provenance["patient"]);
        Assert.Equal(2, provenance["target"].Count());
        Assert.Equal([new IdentifierReferenceValue("entity", null, "MSG1")], provenance["entity"]);

        var risk = Extract("RiskAssessment", """{"resourceType":"RiskAssessment","prediction":[{"probabilityDecimal":0.02}]}""");
        Assert.Equal([new NumberValue("probability", 0.015m, 0.025m)], risk["probability"]);

        var invoice = Extract("Invoice", """{"resourceType":"Invoice","totalGross":{"value":48,"currency":"EUR"}}""");
        Assert.Equal([new QuantityValue("totalgross", 47.5m, 48.5m, "urn:iso:std:iso:4217", "EUR", null)], invoice["totalgross"]);

        var condition = Extract("Condition", """{"resourceType":"Condition","onsetRange":{"low":{"value":10,"code":"a"}},"onsetString":"young","code":{"text":"x"}}""");
        Assert.Equal([new QuantityValue("onset-age", 9.5m, decimal.MaxValue, null, "a", null)], condition["onset-age"]);
        Assert.Equal(["young"], Strings(condition["onset-info"]));
    }

    [Fact]
    public void Equal_values_are_kept_once_for_each_parameter()
    {
        var codings = string.Join(',', Enumerable.Repeat("""{"system":"s","code":"c"}""", 60));
        var values = Extract("Condition", $$$"""{"resourceType":"Condition","code":{"coding":[{{{codings}}}]}}""");
        Assert.Equal([new TokenValue("code", "s", "c")], values["code"]);
    }

    [Fact]
    public void One_parameter_alone_gives_the_same_as_all_together()
    {
        using var document = JsonDocument.Parse("""{"resourceType":"Patient","id":"1","name":[{"family":"A"}],"gender":"male"}""");
        Assert.Equal([new StringValue("family", "A")], SearchIndexer.Extract("Patient", "family", document.RootElement));
        Assert.Empty(SearchIndexer.Extract("Patient", "no-such", document.RootElement));
    }

    private static ILookup<string, IndexValue> Extract(string type, string json)
    {
        using var document = JsonDocument.Parse(json);
        return SearchIndexer.Extract(type, document.RootElement).ToLookup(value => value.Parameter);
    }

    private static IEnumerable<string> Strings(IEnumerable<IndexValue> values) => values.Cast<StringValue>().Select(value => value.Text);

    private static DateTimeOffset Utc(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal);
}
