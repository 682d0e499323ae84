namespace FhirFacade.Translation.Tests.DataTypes;

/// <summary>OBX-5 by the type in OBX-2 (trap 8).</summary>
public class ObservationValueTests
{
    private const string Unit = "mg/dL^^UCUM";

    [Theory]
    [InlineData("NM", "5.40", "valueQuantity", """{"value":5.40,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"}""")]
    [InlineData("NM", "+5", "valueQuantity", """{"value":5,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"}""")]
    [InlineData("NM", "<5", "valueQuantity", """{"comparator":"<","value":5,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"}""")]
    [InlineData("NM", "hemolysed", "valueString", "\"hemolysed\"")]
    [InlineData("SN", "^5", "valueQuantity", """{"value":5,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"}""")]
    [InlineData("SN", ">=^5", "valueQuantity", """{"value":5,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL","comparator":">="}""")]
    [InlineData("SN", "=^5", "valueQuantity", """{"value":5,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"}""")]
    [InlineData("SN", "<>^5", "valueString", "\"<> 5 mg/dL\"")]
    [InlineData("SN", "^2^+", "valueString", "\"2 + mg/dL\"")]
    [InlineData("ST", "positive", "valueString", "\"positive\"")]
    [InlineData("CWE", "260373001^Detected^SCT", "valueCodeableConcept", """{"coding":[{"system":"http://snomed.info/sct","code":"260373001","display":"Detected"}]}""")]
    [InlineData("CE", "A^Alpha^L", "valueCodeableConcept", """{"coding":[{"system":"urn:id:L","code":"A","display":"Alpha"}]}""")]
    [InlineData("IS", "POS", "valueCodeableConcept", """{"coding":[{"code":"POS"}],"text":"POS"}""")]
    [InlineData("DR", "20240101^20240102", "valuePeriod", """{"start":"2024-01-01","end":"2024-01-02"}""")]
    [InlineData("DT", "20240101", "valueDateTime", "\"2024-01-01\"")]
    [InlineData("TS", "202401011230", "valueDateTime", "\"2024-01-01T12:30:00Z\"")]
    [InlineData("TM", "1230", "valueTime", "\"12:30:00\"")]
    [InlineData("TM", "123045.5", "valueTime", "\"12:30:45.5\"")]
    [InlineData("VR", "1^5", "valueString", "\"1-5\"")]
    [InlineData("XPN", "Miller^Ann", "valueString", "\"Miller^Ann\"")]
    [InlineData("", "loose", "valueString", "\"loose\"")]
    public void The_type_decides_the_element(string type, string sent, string element, string expected)
    {
        var observation = Observation($"OBX|1|{type}|1^One^L||{sent}|{Unit}|||||F");
        Assert.Equal([element], observation.Select(p => p.Key).Where(k => k.StartsWith("value", StringComparison.Ordinal)));
        Feed.AssertJson(expected, observation[element]);
    }

    [Fact]
    public void A_ratio_has_the_unit_on_both_sides_and_its_text()
    {
        var ratio = Observation("OBX|1|SN|1^One^L||^1^:^128||||||F")["valueRatio"];
        Assert.Equal(("1", "128"), (ratio.At("numerator.value")!.ToJsonString(), ratio.At("denominator.value")!.ToJsonString()));
        Assert.Equal("1 : 128", (string?)ratio.Extension("http://hl7.org/fhir/StructureDefinition/originalText"));
    }

    [Fact]
    public void A_span_is_a_range()
    {
        var range = Observation("OBX|1|SN|1^One^L||^3^-^5|g||||||F")["valueRange"];
        Assert.Equal(("3", "5", "g"), (range.At("low.value")!.ToJsonString(), range.At("high.value")!.ToJsonString(), range.Text("low.unit")));
    }

    [Fact]
    public void A_numeric_range_may_be_open()
    {
        Feed.AssertJson("""{"low":{"value":3}}""", Observation("OBX|1|NR|1^One^L||3^||||||F")["valueRange"]);
    }

    [Fact]
    public void An_array_of_numbers_is_sampled_data()
    {
        var data = Observation("OBX|1|NA|1^One^L||1^2^3~4^5^6|mV|||||F")["valueSampledData"];
        Assert.Equal(("1 2 3 4 5 6", 2), (data.Text("data"), (int)data!["dimensions"]!));
    }

    [Theory]
    [InlineData("^IM^PDF^Base64^AAEC", "image/pdf", "AAEC")]
    [InlineData("^AP^PDF^Base64^AAEC", "application/pdf", "AAEC")]
    [InlineData("^TEXT^plain^A^hello", "text/plain", "aGVsbG8=")]
    [InlineData("^AP^x^Hex^000102", "application/x", "AAEC")]
    public void Encapsulated_data_is_an_attachment(string sent, string type, string data)
    {
        var attachment = Observation($"OBX|1|ED|1^One^L||{sent}||||||F").Extension("http://hl7.org/fhir/5.0/StructureDefinition/extension-Observation.valueAttachment");
        Assert.Equal((type, data), (attachment.Text("contentType"), attachment.Text("data")));
    }

    [Fact]
    public void Text_in_repetitions_is_lines_and_keeps_its_indentation()
    {
        Assert.Equal("FINDINGS\n  none\n\nEND", Observation(@"OBX|1|TX|1^One^L||FINDINGS~  none~~END||||||F").Text("valueString"));
    }

    [Fact]
    public void Several_values_are_components_of_the_same_code()
    {
        var observation = Observation("OBX|1|CWE|1^One^L||A^Alpha^L~B^Beta^L||||||F");
        Assert.False(observation.ContainsKey("valueCodeableConcept"));
        Assert.Equal(["A", "B"], observation["component"]!.AsArray().Select(c => c.Text("valueCodeableConcept.coding.0.code")));
        Assert.All(observation["component"]!.AsArray(), c => Assert.Equal("1", c.Text("code.coding.0.code")));
    }

    private static System.Text.Json.Nodes.JsonObject Observation(string obx) =>
        Feed.Translate("ORU^R01^ORU_R01", Feed.Pid, "OBR|1|P1^GH|F1^GH|CBC^^L", obx).One("Observation");
}
