using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Sensitivity;
using Xunit;

namespace FhirFacade.Fhir.Tests.Sensitivity;

public sealed class SensitivityRulesTests
{
    private const string Icd = "http://hl7.org/fhir/sid/icd-10-cm";
    private const string Snomed = "http://snomed.info/sct";
    private const string Loinc = "http://loinc.org";

    [Theory]
    [InlineData(Icd, "F10.20", "R ETH SUD")]
    [InlineData(Icd, "F1020", "R ETH SUD")]
    [InlineData(Icd, "F11", "R ETH SUD")]
    [InlineData(Icd, "F17.210", "")]
    [InlineData(Icd, "F15.10", "R ETH SUD")]
    [InlineData(Icd, "B20", "R HIV")]
    [InlineData(Icd, "Z21", "R HIV")]
    [InlineData(Icd, "B25", "")]
    [InlineData(Icd, "F33.1", "R MH PSY")]
    [InlineData(Icd, "f33.1", "R MH PSY")]
    [InlineData(Icd, "O09.90", "R SEX")]
    [InlineData(Icd, "Z30.011", "R SEX")]
    [InlineData(Icd, "T74.21XA", "R SDV VIO")]
    [InlineData(Icd, "A51.0", "R STD")]
    [InlineData(Icd, "Z15.01", "R GDIS")]
    [InlineData(Icd, "I10", "")]
    [InlineData("http://hl7.org/fhir/sid/icd-10", "B24", "R HIV")]
    [InlineData("urn:oid:2.16.840.1.113883.6.90", "F10.20", "R ETH SUD")]
    [InlineData("http://hl7.org/fhir/sid/icd-9-cm", "305.1", "")]
    [InlineData("http://hl7.org/fhir/sid/icd-9-cm", "305.00", "R ETH SUD")]
    [InlineData("http://hl7.org/fhir/sid/icd-9-cm", "042", "R HIV")]
    [InlineData(Snomed, "7200002", "R ETH SUD")]
    [InlineData(Snomed, "86406008", "R HIV")]
    [InlineData(Loinc, "75622-1", "R HIV")]
    [InlineData(Loinc, "718-7", "")]
    [InlineData("http://www.nlm.nih.gov/research/umls/rxnorm", "6813", "R ETH SUD")]
    [InlineData("http://www.nlm.nih.gov/research/umls/rxnorm", "1010600", "R ETH SUD")]
    [InlineData("http://www.nlm.nih.gov/research/umls/rxnorm", "1999667", "R HIV")]
    [InlineData("http://www.whocc.no/atc", "N07BC02", "R ETH SUD")]
    [InlineData("http://example.org/other", "F10.20", "")]
    public void A_code_of_a_sensitive_category_labels_what_carries_it(string system, string code, string labels) =>
        Assert.Equal(labels, Labels("Condition", Condition(system, code)));

    [Theory]
    [InlineData("""{"resourceType":"Encounter","reasonCode":[{"coding":[CODING]}]}""")]
    [InlineData("""{"resourceType":"MedicationRequest","medicationCodeableConcept":{"coding":[{"system":"x","code":"y"},CODING]}}""")]
    [InlineData("""{"resourceType":"MedicationRequest","dosageInstruction":[{"asNeededCodeableConcept":{"coding":[CODING]}}]}""")]
    [InlineData("""{"resourceType":"MedicationRequest","contained":[{"resourceType":"Medication","code":{"coding":[CODING]}}]}""")]
    [InlineData("""{"resourceType":"Observation","valueCodeableConcept":{"coding":[CODING]}}""")]
    [InlineData("""{"resourceType":"Observation","component":[{"code":{"coding":[CODING]}}]}""")]
    [InlineData("""{"resourceType":"DocumentReference","type":{"coding":[CODING]}}""")]
    [InlineData("""{"resourceType":"Procedure","extension":[{"url":"u","valueCoding":CODING}]}""")]
    public void Wherever_in_a_resource_the_code_stands(string template)
    {
        var json = template.Replace("CODING", """{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"\u004610.20"}""", StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json);
        Assert.Equal("R ETH SUD", Labels(document.RootElement.GetProperty("resourceType").GetString()!, document.RootElement));
    }

    [Theory]
    [InlineData("Patient")]
    [InlineData("Consent")]
    [InlineData("Questionnaire")]
    [InlineData("Organization")]
    public void Who_a_patient_is_and_what_is_nobodys_is_not_labelled(string type) => Assert.Empty(Labels(type, Condition(Icd, "F10.20")));

    [Fact]
    public void Several_categories_and_what_a_document_says_of_itself_add_up()
    {
        using var two = JsonDocument.Parse($$"""{"code":{"coding":[{"system":"{{Icd}}","code":"F10.20"},{"system":"{{Icd}}","code":"B20"} ] } }""");
        Assert.Equal("R ETH HIV SUD", Labels("Condition", two.RootElement));
        using var document = JsonDocument.Parse($$"""
            {"type":{"coding":[{"system":"{{Icd}}","code":"B20"}]},"securityLabel":[{"coding":[{"system":"{{SecurityLabel.Confidentiality}}","code":"V"}]},{"coding":[{"system":"{{SecurityLabel.Confidentiality}}","code":"N"}]}]}
            """);
        Assert.Equal("V HIV", Labels("DocumentReference", document.RootElement));
    }

    [Fact]
    public void Labels_in_the_resource_itself_and_its_tags_are_no_reason_for_labels()
    {
        using var json = JsonDocument.Parse($$"""{"meta":{"tag":[{"system":"{{Icd}}","code":"F10.20"}]},"code":{"text":"F10.20"} }""");
        Assert.Empty(Labels("Condition", json.RootElement));
    }

    [Fact]
    public void What_the_server_made_is_made_anew_and_what_somebody_gave_stays()
    {
        using var json = JsonDocument.Parse($$"""
            {"resourceType":"Condition","meta":{"profile":["p"],"security":[{"system":"{{SecurityLabel.ActCode}}","code":"HIV","userSelected":false},{"system":"{{SecurityLabel.ActCode}}","code":"CEL"},
            {"system":"{{SecurityLabel.Confidentiality}}","code":"V"}]},"valueQuantity":{"value":1.50} }
            """);
        var labelled = SecurityLabels.WithMade(json.RootElement, [new(SecurityLabel.Confidentiality, "R"), new(SecurityLabel.ActCode, "ETH")]);
        Assert.Equal(["CEL", "V", "ETH"], SecurityLabels.In(labelled).Select(label => label.Code));
        Assert.Equal(["ETH"], SecurityLabels.In(labelled, madeOnly: true).Select(label => label.Code));
        Assert.Contains("1.50", labelled.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["CEL", "V"], SecurityLabels.In(SecurityLabels.WithoutMade(labelled)).Select(label => label.Code));
        using var bare = JsonDocument.Parse("""{"resourceType":"Condition","code":{"text":"t"}}""");
        Assert.Equal(bare.RootElement.GetRawText(), SecurityLabels.WithoutMade(SecurityLabels.WithMade(bare.RootElement, [new(SecurityLabel.ActCode, "ETH")])).GetRawText());
    }

    [Fact]
    public void A_site_adds_a_value_set_or_puts_one_in_the_place_of_another()
    {
        var own = Set("celebrity", "CEL", """{"system":"http://example.org/local","concept":[{"code":"vip"}]},{"system":"http://hl7.org/fhir/sid/icd-10-cm","filter":[{"property":"concept","op":"is-a","value":"I10"}]}""");
        var rules = SensitivityRules.BuiltIn.With([own, Set("hiv", "HIV", """{"system":"http://example.org/local","concept":[{"code":"h"}]}""")]);
        Assert.Equal("CEL", Labels(rules, "http://example.org/local", "vip"));
        Assert.Equal("CEL", Labels(rules, Icd, "I10.9"));
        Assert.Equal("", Labels(rules, Icd, "B20"));
        Assert.Equal("HIV", Labels(rules, "http://example.org/local", "h"));
        Assert.NotEqual(SensitivityRules.BuiltIn.Fingerprint, rules.Fingerprint);
    }

    [Theory]
    [InlineData("HIV screening", "R HIV")]
    [InlineData("Hiv-1 RNA, plasma", "R HIV")]
    [InlineData("shivering", "")]
    [InlineData("Buprenorphine 24 MG/ML Oral Suspension", "R ETH SUD")]
    [InlineData("Suboxone 8-2 mg film", "R ETH SUD")]
    [InlineData("TRUVADA (200/300)", "R HIV")]
    [InlineData("Biktarvy", "R HIV")]
    [InlineData("alcohol  use\tdisorder, mild", "R ETH SUD")]
    [InlineData("isopropyl alcohol", "")]
    [InlineData("alcohol", "")]
    [InlineData("nicotine dependence", "")]
    [InlineData("Hearing aids", "")]
    [InlineData("hearing aids; AIDS", "R HIV")]
    [InlineData("ST segment depression", "")]
    [InlineData("major depression", "R MH PSY")]
    [InlineData("Lithium Carbonate 300 MG", "R MH PSY")]
    [InlineData("pregnant, smoker", "R SEX")]
    [InlineData("domestic violence shelter", "R SDV VIO")]
    [InlineData("Chlamydia pneumoniae IgG", "")]
    [InlineData("blood pressure", "")]
    public void A_text_of_a_code_that_names_a_category_labels_what_carries_it(string text, string labels)
    {
        var written = System.Text.Json.JsonSerializer.Serialize(text);
        Assert.Equal(labels, Labels("Condition", JsonElement.Parse($$"""{"code":{"text":{{written}} } }""")));
        Assert.Equal(labels, Labels("MedicationRequest", JsonElement.Parse($$"""{"medicationCodeableConcept":{"coding":[{"system":"urn:local","code":"1","display":{{written}}}]} }""")));
        Assert.Equal(labels, Labels("MedicationRequest", JsonElement.Parse($$"""{"contained":[{"resourceType":"Medication","ingredient":[{"itemCodeableConcept":{"text":{{written}} } }] }] }""")));
        Assert.Equal(labels, Labels("MedicationRequest", JsonElement.Parse($$"""{"medicationReference":{"reference":"Medication/1","display":{{written}} } }""")));
        Assert.Empty(Labels("Condition", JsonElement.Parse($$"""{"note":[{"text":{{written}}}],"text":{"div":{{written}}},"subject":{"reference":"Patient/1","display":{{written}}},"contained":[{"resourceType":"Patient","name":[{"text":{{written}}}]}]}""")));
    }

    [Fact]
    public void A_long_text_is_read_to_its_end() =>
        Assert.Equal("R HIV", Labels("Condition", JsonElement.Parse($$"""{"code":{"text":"{{string.Concat(Enumerable.Repeat("word ", 5000))}} HIV"} }""")));

    [Fact]
    public void What_a_site_calls_the_codes_that_it_lists_is_looked_for_in_texts()
    {
        var own = Set("celebrity", "CEL", """{"system":"http://example.org/local","concept":[{"code":"vip","display":"Very Important","designation":[{"value":"Berühmt"}]},{"code":"x","display":"Y"}]}""", """{"system":"urn:fhirfacade:sensitivity:words","concept":[{"code":"not very important"}]}""");
        var rules = SensitivityRules.BuiltIn.With([own]);
        Assert.Equal("CEL", Text("a very important person"));
        Assert.Equal("CEL", Text("BERÜHMT"));
        Assert.Equal("", Text("not very important"));
        Assert.Equal("", Text("y"));
        Assert.Equal("R HIV", Text("HIV, not very important"));

        string Text(string text) => string.Join(' ', rules.LabelsOf("Condition", JsonElement.Parse($$"""{"code":{"text":"{{text}}"} }""")).Select(label => label.Code));
    }

    [Fact]
    public void A_category_is_known_by_labels_that_feeds_give() =>
        Assert.Contains(new SecurityLabel(SecurityLabel.Confidentiality, "HIV"), SensitivityRules.BuiltIn.Categories.Single(category => category.Name == "hiv").Known);

    [Fact]
    public void What_a_value_set_excludes_is_not_labelled()
    {
        var own = Set("own", "CEL", """{"system":"http://example.org/local","filter":[{"property":"code","op":"regex","value":"a.*"}]}""", """{"system":"http://example.org/local","concept":[{"code":"abc"}]}""");
        var rules = SensitivityRules.BuiltIn.With([own]);
        Assert.Equal("CEL", Labels(rules, "http://example.org/local", "abd"));
        Assert.Equal("", Labels(rules, "http://example.org/local", "abc"));
    }

    [Theory]
    [InlineData("""{"resourceType":"ValueSet","url":"u","name":"n"}""", "useContext")]
    [InlineData("""{"resourceType":"ValueSet","url":"u"}""", "name")]
    public void A_value_set_that_stands_for_no_label_is_refused(string json, string says)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Contains(says, Assert.Throws<FormatException>(() => SensitivityRules.BuiltIn.With([document.RootElement])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_given_to_what_is_stored_outlive_a_message_that_does_not_know_of_them()
    {
        var said = new JsonObject { ["resourceType"] = "Observation" };
        SecurityLabels.Keep(said, System.Text.Encoding.UTF8.GetBytes("""{"meta":{"security":[{"system":"s","code":"given"},{"system":"s","code":"made","userSelected":false}]}}"""));
        SecurityLabels.Keep(said, System.Text.Encoding.UTF8.GetBytes("""{"meta":{"security":[{"system":"s","code":"given"}]}}"""));
        Assert.Equal("""[{"system":"s","code":"given"}]""", said["meta"]!["security"]!.ToJsonString());
    }

    private static JsonElement Set(string name, string label, string includes, string? excludes = null) => JsonElement.Parse($$$"""
        {"resourceType":"ValueSet","url":"urn:example:{{{name}}}","name":"{{{name}}}","status":"active","useContext":[{"code":{"code":"focus"},"valueCodeableConcept":{"coding":[
        {"system":"{{{SecurityLabel.ActCode}}}","code":"{{{label}}}"}]} }],"compose":{"include":[{{{includes}}}],"exclude":[{{{excludes}}}]} }
        """);

    private static JsonElement Condition(string system, string code) => JsonElement.Parse($$"""{"resourceType":"Condition","code":{"coding":[{"system":"{{system}}","code":"{{code}}"} ] } }""");

    private static string Labels(string type, JsonElement resource) => string.Join(' ', SensitivityRules.BuiltIn.LabelsOf(type, resource).Select(label => label.Code));

    private static string Labels(SensitivityRules rules, string system, string code) => string.Join(' ', rules.LabelsOf("Condition", Condition(system, code)).Select(label => label.Code));
}
