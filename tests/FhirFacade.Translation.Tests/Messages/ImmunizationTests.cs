namespace FhirFacade.Translation.Tests.Messages;

/// <summary>Vaccinations (VXU) with what the vaccination guides put into OBX.</summary>
public class ImmunizationTests
{
    private const string Orc = "ORC|RE||I1^GH|||||||||7^Dole^Dan^^^^^^GH";
    private const string Rxa = "RXA|0|1|20240501||08^HepB^CVX|0.5|mL^Millilitre^UCUM||00^New immunization record^NIP001|9^Nurse^Nora^^^^^^GH|^^^CLINIC1||||LOT9|20250131|MSD^Merck^MVX|||CP|A";

    [Fact]
    public void A_vaccination_is_an_immunization()
    {
        var result = Feed.Translate("VXU^V04^VXU_V04", Feed.Pid, Orc, Rxa, "RXR|IM^Intramuscular^HL70162|LD^Left Deltoid^HL70163");
        var given = result.One("Immunization");
        Assert.Equal(("completed", "08", "2024-05-01", "LOT9", "2025-01-31", "Merck"), (given.Text("status"), given.Text("vaccineCode.coding.0.code"), given.Text("occurrenceDateTime"), given.Text("lotNumber"), given.Text("expirationDate"), given.Text("manufacturer.display")));
        Assert.Equal("http://hl7.org/fhir/sid/cvx", given.Text("vaccineCode.coding.0.system"));
        Assert.Equal(("0.5", "IM", "LD"), (given.At("doseQuantity.value")!.ToJsonString(), given.Text("route.coding.0.code"), given.Text("site.coding.0.code")));
        Assert.Equal(["OP", "AP"], given["performer"]!.AsArray().Select(p => p.Text("function.coding.0.code")));
        Assert.True((bool)given["primarySource"]!);
        Assert.StartsWith("Location/", given.Text("location.reference"), StringComparison.Ordinal);
        Assert.Empty(result.Unmapped);
    }

    [Fact]
    public void A_record_from_elsewhere_says_where_from()
    {
        var given = Feed.Translate("VXU^V04^VXU_V04", Feed.Pid, Orc, "RXA|0|1|20240501||08^HepB^CVX|999|||01^Historical^NIP001").One("Immunization");
        Assert.False((bool)given["primarySource"]!);
        Assert.Equal("01", given.Text("reportOrigin.coding.0.code"));
        Assert.False(given.ContainsKey("doseQuantity"));
    }

    [Theory]
    [InlineData("RE", "", "00^Parental decision^NIP002", "not-done")]
    [InlineData("NA", "", "", "not-done")]
    [InlineData("", "", "00^Parental decision^NIP002", "not-done")]
    [InlineData("PA", "", "", "completed")]
    [InlineData("", "", "", "completed")]
    [InlineData("CP", "D", "", "entered-in-error")]
    public void Refusal_and_deletion_are_the_status(string completion, string action, string reason, string status)
    {
        var given = Feed.Translate("VXU^V04^VXU_V04", Feed.Pid, Orc, $"RXA|0|1|20240501||08^HepB^CVX|999||||||||||||{reason}||{completion}|{action}").One("Immunization");
        Assert.Equal(status, given.Text("status"));
        Assert.Equal(reason.Length > 0, given.ContainsKey("statusReason"));
    }

    [Fact]
    public void A_correction_and_a_deletion_are_of_the_same_immunization()
    {
        static string? Id(string action) => Feed.Translate("VXU^V04^VXU_V04", Feed.Pid, Orc, $"RXA|0|1|20240501||08^HepB^CVX|1|||||||||||||||{action}").One("Immunization").Text("id");
        Assert.Equal(Id("A"), Id("U"));
        Assert.Equal(Id("A"), Id("D"));
    }

    [Fact]
    public void Two_vaccines_under_the_number_that_means_none_are_two_immunizations()
    {
        var result = Feed.Translate("VXU^V04^VXU_V04", Feed.Pid, "ORC|RE||9999^GH", "RXA|0|1|20240501||08^HepB^CVX|1", "ORC|RE||9999^GH", "RXA|0|1|20240501||20^DTaP^CVX|1");
        Assert.Equal(2, result.All("Immunization").Count);
    }

    [Fact]
    public void Funding_and_information_statements_are_elements_of_the_immunization()
    {
        var result = Feed.Translate(
            "VXU^V04^VXU_V04",
            Feed.Pid,
            Orc,
            Rxa,
            "OBX|1|CE|64994-7^Eligibility^LN|1|V02^VFC eligible^HL70064||||||F",
            "OBX|2|CE|30963-3^Funding^LN|1|VXC1^Federal^CDCPHINVS||||||F",
            "OBX|3|CE|30956-7^Vaccine type^LN|2|45^HepB unspecified^CVX||||||F",
            "OBX|4|TS|29768-9^VIS published^LN|2|20120202||||||F",
            "OBX|5|TS|29769-7^VIS presented^LN|2|20240501||||||F",
            "OBX|6|NM|30973-2^Dose number^LN|3|2||||||F",
            "OBX|7|ST|48767-8^Comment^LN|4|Tolerated well||||||F");
        var given = result.One("Immunization");
        Assert.Equal(("V02", "VXC1"), (given.Text("programEligibility.0.coding.0.code"), given.Text("fundingSource.coding.0.code")));
        var education = Assert.Single(given["education"]!.AsArray());
        Assert.Equal(("HepB unspecified", "2012-02-02", "2024-05-01"), (education.Text("documentType"), education.Text("publicationDate"), education.Text("presentationDate")));
        Assert.Equal(("2", "Tolerated well"), (given.At("protocolApplied.0.doseNumberPositiveInt")!.ToJsonString(), given.Text("note.0.text")));
        Assert.Empty(result.All("Observation"));
        Assert.Empty(result.Unmapped);
    }

    [Fact]
    public void A_reaction_is_an_observation_and_any_other_observation_is_part_of_the_vaccination()
    {
        var result = Feed.Translate("VXU^V04^VXU_V04", Feed.Pid, Orc, Rxa, "OBX|1|CE|31044-1^Reaction^LN|1|VXC9^Fever^CDCPHINVS||||||F|||20240502", "OBX|2|ST|X^Something^L|2|a||||||F");
        var given = result.One("Immunization");
        Assert.Equal(("2024-05-02", 2), (given.Text("reaction.0.date"), result.All("Observation").Count));
        Assert.All(result.All("Observation"), o => Assert.Equal($"Immunization/{given.Text("id")}", o.Text("partOf.0.reference")));
    }

    [Fact]
    public void A_forecast_is_a_recommendation_and_no_immunization()
    {
        var result = Feed.Translate(
            "VXU^V04^VXU_V04",
            Feed.Pid,
            "ORC|RE||9999^GH",
            "RXA|0|1|20240501||998^No vaccine administered^CVX|999||||||||||||||NA",
            "OBX|1|CE|30956-7^Vaccine type^LN|1|08^HepB^CVX||||||F",
            "OBX|2|DT|30980-7^Date due^LN|1|20240801||||||F",
            "OBX|3|DT|30981-5^Earliest^LN|1|20240701||||||F",
            "OBX|4|NM|30973-2^Dose number^LN|1|3||||||F",
            "OBX|5|CE|59783-1^Status^LN|1|LA13422-3^On schedule^LN||||||F",
            "OBX|6|CE|30979-9^Due next^LN|2|20^DTaP^CVX||||||F",
            "OBX|7|DT|59778-1^Overdue^LN|2|20240901||||||F");
        Assert.Empty(result.All("Immunization"));
        Assert.Empty(result.All("Observation"));
        var forecast = result.One("ImmunizationRecommendation");
        Assert.Equal("2024-05-01", forecast.Text("date"));
        Assert.Equal(["08", "20"], forecast["recommendation"]!.AsArray().Select(r => r.Text("vaccineCode.0.coding.0.code")));
        Assert.Equal(["30980-7 2024-08-01", "30981-5 2024-07-01"], forecast.At("recommendation.0.dateCriterion")!.AsArray().Select(c => $"{c.Text("code.coding.0.code")} {c.Text("value")}"));
        Assert.Equal(("3", "LA13422-3"), (forecast.At("recommendation.0.doseNumberPositiveInt")!.ToJsonString(), forecast.Text("recommendation.0.forecastStatus.coding.0.code")));
    }

    [Fact]
    public void Immunity_by_disease_is_an_observation_of_the_patient()
    {
        var result = Feed.Translate("VXU^V04^VXU_V04", Feed.Pid, "ORC|RE||9999^GH", "RXA|0|1|20240501||998^No vaccine administered^CVX|999", "OBX|1|CE|59784-9^Presumed immunity^LN|1|38907003^Varicella^SCT||||||F");
        Assert.Equal("38907003", result.One("Observation").Text("valueCodeableConcept.coding.0.code"));
        Assert.Empty(result.All("Immunization"));
    }

    [Fact]
    public void What_R4_requires_and_the_message_does_not_say_is_marked_as_absent()
    {
        var given = Feed.Translate("VXU^V04^VXU_V04", Feed.Pid, Orc, "RXA|0|1|||").One("Immunization");
        Assert.Equal("unknown", (string?)given["_occurrenceDateTime"].Extension("http://hl7.org/fhir/StructureDefinition/data-absent-reason"));
        Assert.Equal("unknown", (string?)given["vaccineCode"].Extension("http://hl7.org/fhir/StructureDefinition/data-absent-reason"));
    }
}
