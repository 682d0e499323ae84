namespace FhirFacade.Translation.Tests.DataTypes;

/// <summary>Data types as they stand in PID: what is sent, and the element that comes of it.</summary>
public class PatientFieldTests
{
    [Theory]
    [InlineData("Miller^Ann", """{"family":"Miller","given":["Ann"]}""")]
    [InlineData("Miller^Ann^Marie Lou^Jr^Dr^MD^L", """{"family":"Miller","given":["Ann","Marie Lou"],"prefix":["Dr"],"suffix":["Jr","MD"],"use":"official"}""")]
    [InlineData("Miller^Ann^^^^^M", """{"family":"Miller","given":["Ann"],"use":"maiden"}""")]
    [InlineData("^Ann", """{"given":["Ann"]}""")]
    [InlineData("""Miller^""^ """, """{"family":"Miller"}""")]
    [InlineData("Miller^Ann^^^^^^^^20000101&20101231", """{"family":"Miller","given":["Ann"],"period":{"start":"2000-01-01","end":"2010-12-31"}}""")]
    [InlineData("Miller^Ann^^^^^^^^20000101&20101231^^20010101", """{"family":"Miller","given":["Ann"],"period":{"start":"2001-01-01"}}""")]
    [InlineData(@"M\T\M\S\^Ann", """{"family":"M&M^","given":["Ann"]}""")]
    public void XPN_is_a_HumanName(string sent, string expected)
    {
        Feed.AssertJson(expected, Feed.Patient($"PID|1||1^^^GH||{sent}").At("name.0"));
    }

    [Fact]
    public void A_name_to_be_called_by_is_a_nickname_of_its_own()
    {
        Feed.AssertJson(
            """[{"family":"Miller","given":["Ann"]},{"use":"nickname","given":["Annie"]}]""",
            Feed.Patient("PID|1||1^^^GH||Miller^Ann^^^^^^^^^^^^^Annie")["name"]);
    }

    [Fact]
    public void The_parts_of_a_family_name_are_extensions_of_it()
    {
        var name = Feed.Patient("PID|1||1^^^GH||van Beek&van&Beek").At("name.0");
        Assert.Equal("van Beek", name.Text("family"));
        Assert.Equal("van", (string?)name!["_family"].Extension("http://hl7.org/fhir/StructureDefinition/humanname-own-prefix"));
        Assert.Equal("Beek", (string?)name["_family"].Extension("http://hl7.org/fhir/StructureDefinition/humanname-own-name"));
    }

    [Theory]
    [InlineData("4711", """{"value":"4711"}""")]
    [InlineData("4711^^^GH^MR", """{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"system":"urn:id:GH","value":"4711","assigner":{"display":"GH"}}""")]
    [InlineData("4711^^^GH&1.2.3&ISO", """{"system":"urn:oid:1.2.3","value":"4711","assigner":{"display":"GH"}}""")]
    [InlineData("4711^^^&6c1a2e1e-6a3b-4c8e-9f5e-0b0d2c3e4f50&UUID", """{"system":"urn:uuid:6c1a2e1e-6a3b-4c8e-9f5e-0b0d2c3e4f50","value":"4711"}""")]
    [InlineData("4711^^^&http://x.org/ids&URI", """{"system":"http://x.org/ids","value":"4711"}""")]
    [InlineData("4711^^^SSA^SS", """{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"SS"}]},"system":"http://hl7.org/fhir/sid/us-ssn","value":"4711","assigner":{"display":"SSA"}}""")]
    [InlineData("4711^5^M11", """{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/identifier-checkDigit","valueString":"5"},{"url":"http://hl7.org/fhir/StructureDefinition/namingsystem-checkDigit","valueString":"M11"}],"value":"4711"}""")]
    [InlineData("4711^^^A B", """{"system":"urn:id:A%20B","value":"4711","assigner":{"display":"A B"}}""")]
    public void CX_is_an_Identifier(string sent, string expected)
    {
        Feed.AssertJson(expected, Feed.Patient($"PID|1||{sent}||Miller").At("identifier.0"));
    }

    [Fact]
    public void An_authority_of_the_feed_stands_in_for_a_missing_one()
    {
        var result = Feed.Translate(FeedProfile.Default with { DefaultAuthority = "1.2.3" }, "ADT^A08", "PID|1||4711||Miller");
        Assert.Equal("urn:oid:1.2.3", result.One("Patient").Text("identifier.0.system"));
    }

    [Theory]
    [InlineData("1 High St^Flat 2^York^^YO1^GBR^H", """{"line":["1 High St","Flat 2"],"city":"York","postalCode":"YO1","country":"GBR","use":"home"}""")]
    [InlineData("1 High St&High St&1^^York^^^^BI", """{"line":["1 High St","High St","1"],"city":"York","use":"billing"}""")]
    [InlineData("^^York^^^^M^^Yorkshire", """{"city":"York","district":"Yorkshire","type":"postal"}""")]
    [InlineData("^^York^^^^^^^^^20200101&20201231", """{"city":"York","period":{"start":"2020-01-01","end":"2020-12-31"}}""")]
    public void XAD_is_an_Address(string sent, string expected)
    {
        Feed.AssertJson(expected, Feed.Patient($"{Feed.Pid}||||||{sent}").At("address.0"));
    }

    [Fact]
    public void An_address_type_alone_is_no_address()
    {
        Assert.False(Feed.Patient($"{Feed.Pid}||||||^^^^^^H").ContainsKey("address"));
    }

    [Theory]
    [InlineData("555-1234", """{"system":"phone","value":"555-1234","use":"home"}""")]
    [InlineData("555-1234^WPN^FX", """{"system":"fax","value":"555-1234","use":"work"}""")]
    [InlineData("555-1234^PRN^CP", """{"system":"phone","value":"555-1234","use":"home"}""")]
    [InlineData("555-1234^^CP", """{"system":"phone","value":"555-1234","use":"mobile"}""")]
    [InlineData("^NET^Internet^a@b.org", """{"system":"email","value":"a@b.org"}""")]
    [InlineData("a@b.org", """{"system":"email","value":"a@b.org","use":"home"}""")]
    [InlineData("^PRN^PH^^^^^^^^^+1 555 1234", """{"system":"phone","value":"+1 555 1234","use":"home"}""")]
    public void XTN_is_a_ContactPoint(string sent, string expected)
    {
        Feed.AssertJson(expected, Feed.Patient($"{Feed.Pid}||||||||{sent}").At("telecom.0"));
    }

    [Fact]
    public void A_number_in_parts_is_put_together_and_its_parts_are_kept()
    {
        var point = Feed.Patient($"{Feed.Pid}||||||||^PRN^PH^^1^555^5551234^12").At("telecom.0");
        Assert.Equal("+1 555 5551234 X12", point.Text("value"));
        Assert.Equal("555", (string?)point.Extension("http://hl7.org/fhir/StructureDefinition/contactpoint-area"));
    }

    [Theory]
    [InlineData("M", """{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M","display":"Married"}]}""")]
    [InlineData("A", """{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"L","display":"Legally Separated"},{"system":"http://terminology.hl7.org/CodeSystem/v2-0002","code":"A"}]}""")]
    [InlineData("M^Verheiratet^HL70002", """{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M","display":"Married"}]}""")]
    [InlineData("Q^It is complicated", """{"coding":[{"code":"Q","display":"It is complicated"}],"text":"It is complicated"}""")]
    [InlineData("Q^^99GH", """{"coding":[{"system":"urn:id:99GH","code":"Q"}]}""")]
    [InlineData("^Widow of two", """{"text":"Widow of two"}""")]
    [InlineData("M^^^MAR^Married^99GH^^^as told", """{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M","display":"Married"},{"system":"urn:id:99GH","code":"MAR","display":"Married"}],"text":"as told"}""")]
    public void CWE_is_a_CodeableConcept_and_no_code_is_dropped(string sent, string expected)
    {
        Feed.AssertJson(expected, Feed.Patient($"{Feed.Pid}|||||||||||{sent}")["maritalStatus"]);
    }

    [Theory]
    [InlineData("F", "female")]
    [InlineData("m", "male")]
    [InlineData("female", "female")]
    [InlineData("A", "other")]
    [InlineData("F^Female^HL70001", "female")]
    public void A_code_goes_through_its_table(string sent, string expected)
    {
        var patient = Feed.Patient($"{Feed.Pid}|||{sent}");
        Assert.Equal(expected, patient.Text("gender"));
        Assert.False(patient.ContainsKey("_gender"));
    }

    [Fact]
    public void A_code_that_the_table_does_not_know_is_unknown_kept_and_reported()
    {
        var result = Feed.Translate("ADT^A08", $"{Feed.Pid}|||QQ");
        var patient = result.One("Patient");
        Assert.Equal("unknown", patient.Text("gender"));
        Assert.Equal("QQ", patient["_gender"].Extension("http://hl7.org/fhir/StructureDefinition/alternate-codes").Text("coding.0.code"));
        Assert.Equal((103, "PID-8"), (Assert.Single(result.FieldIssues()).Code, result.FieldIssues().Single().Location));
    }

    [Fact]
    public void Race_and_ethnicity_are_the_extensions_of_US_Core()
    {
        var patient = Feed.Patient($"{Feed.Pid}|||||2106-3^White^HL70005~2028-9^Asian^HL70005~1006-6^Abenaki^CDCREC||||||||||||H");
        var race = patient.Extension("http://hl7.org/fhir/us/core/StructureDefinition/us-core-race");
        Assert.Equal(["ombCategory", "ombCategory", "detailed", "text"], race!["extension"]!.AsArray().Select(e => (string?)e!["url"]));
        Assert.Equal("White, Asian, Abenaki", (string?)race.Extension("text"));
        var ethnicity = patient.Extension("http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity");
        Assert.Equal("2135-2", ethnicity.Extension("ombCategory").Text("code"));
        Assert.Equal("Hispanic or Latino", (string?)ethnicity.Extension("text"));
    }

    [Fact]
    public void A_census_tract_stands_at_the_first_line_of_the_address()
    {
        var address = Feed.Patient("PID|1||4711^^^GH^MR||||||||1 Main St^Apt 2^Town^^^^^^^1234.56").At("address.0");
        Assert.Equal(["1 Main St", "Apt 2"], address!["line"]!.AsArray().Select(l => (string)l!));
        Assert.Equal("1234.56", (string?)address.At("_line.0").Extension("http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-censusTract"));
        Assert.Null(address["_line"]![1]);
    }

    [Fact]
    public void A_period_that_ends_before_it_starts_has_no_end_and_is_reported()
    {
        var result = Feed.Translate("ADT^A08", Feed.Pid, "NK1|1|Doe^Jo|SPO|||||20240201|20240131", "PV1|1|I|W||||||||||||||||V1|||||||||||||||||||||||||20240201100000+0000|202402010930+0000");
        Assert.False(result.One("RelatedPerson")["period"]!.AsObject().ContainsKey("end"));
        Assert.False(result.One("Encounter")["period"]!.AsObject().ContainsKey("end"));
        Assert.Equal(["NK1-9", "PV1-45"], result.FieldIssues().Select(i => i.Location).Distinct().Order());
    }

    [Fact]
    public void A_language_that_nobody_knows_is_kept_beside_the_undetermined_one()
    {
        var codings = Feed.Patient("PID|1||4711^^^GH^MR||||||||||||333^Unknown^99L").At("communication.0.language.coding")!.AsArray();
        Assert.Equal(["333", "und"], codings.Select(c => (string)c!["code"]!));
        Assert.Single(Feed.Patient("PID|1||4711^^^GH^MR||||||||||||en").At("communication.0.language.coding")!.AsArray());
    }
}
