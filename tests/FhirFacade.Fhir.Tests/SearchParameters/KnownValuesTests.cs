using System.Globalization;
using System.Text.Json;
using FhirFacade.Fhir.SearchParameters;
using Xunit;

namespace FhirFacade.Fhir.Tests.SearchParameters;

/// <summary>What a reader of the official examples finds in them, written down by hand, against what the indexer finds.</summary>
public sealed class KnownValuesTests
{
    private const string Loinc = "http://loinc.org";
    private const string Sct = "http://snomed.info/sct";
    private const string Terminology = "http://terminology.hl7.org/CodeSystem/";

    [Theory]
    [InlineData("patient-example", "_id", "example")]
    [InlineData("patient-example", "identifier", "urn:oid:1.2.36.146.595.217.0.1|12345; http://terminology.hl7.org/CodeSystem/v2-0203|MR|12345 (of type)")]
    [InlineData("patient-example", "family", "Chalmers; Windsor")]
    [InlineData("patient-example", "given", "Peter; James; Jim")]
    [InlineData("patient-example", "name", "Chalmers; Peter; James; Jim; Windsor")]
    [InlineData("patient-example", "birthdate", "1974-12-25T00:00:00 .. 1974-12-26T00:00:00")]
    [InlineData("patient-example", "deceased", "false")]
    [InlineData("patient-example", "active", "true")]
    [InlineData("patient-example", "phone", "(03) 5555 6473; (03) 3410 5613; (03) 5555 8834")]
    [InlineData("patient-example", "email", "")]
    [InlineData("patient-example", "address-city", "PleasantVille")]
    [InlineData("patient-example", "address-postalcode", "3999")]
    [InlineData("patient-example", "address-use", "home")]
    [InlineData("observation-example", "code", $"{Loinc}|29463-7; {Loinc}|3141-9; {Sct}|27113001; http://acme.org/devices/clinical-codes|body-weight")]
    [InlineData("observation-example", "category", $"{Terminology}observation-category|vital-signs")]
    [InlineData("observation-example", "date", "2016-03-28T00:00:00 .. 2016-03-29T00:00:00")]
    [InlineData("observation-example", "value-quantity", "184.5 .. 185.5 [lb_av] = 83687.792265 .. 84141.384635 g")]
    [InlineData("observation-example", "patient", "Patient/example")]
    [InlineData("observation-example", "encounter", "Encounter/example")]
    [InlineData("observation-example", "_tag", $"{Terminology}v3-ActReason|HTEST")]
    [InlineData("observation-example-bloodpressure", "_profile", "http://hl7.org/fhir/StructureDefinition/vitalsigns")]
    [InlineData("observation-example-bloodpressure", "based-on", "https://acme.org/identifiers|1234 (identifier)")]
    [InlineData("observation-example-bloodpressure", "performer", "Practitioner/example")]
    [InlineData("observation-example-bloodpressure", "component-code", $"{Loinc}|8480-6; {Sct}|271649006; http://acme.org/devices/clinical-codes|bp-s; {Loinc}|8462-4")]
    [InlineData("observation-example-bloodpressure", "component-value-quantity", "106.5 .. 107.5 mm[Hg] = 14198793 .. 14332115 g.m-1.s-2; 59.5 .. 60.5 mm[Hg] = 7932659 .. 8065981 g.m-1.s-2")]
    [InlineData("observation-example-bloodpressure", "value-quantity", "")]
    [InlineData("observation-example-bloodpressure", "component-code-value-quantity",
        $"{Loinc}|8480-6 & 106.5 .. 107.5 mm[Hg]; {Sct}|271649006 & 106.5 .. 107.5 mm[Hg]; http://acme.org/devices/clinical-codes|bp-s & 106.5 .. 107.5 mm[Hg]; {Loinc}|8462-4 & 59.5 .. 60.5 mm[Hg]")]
    [InlineData("observation-example-sample-data", "component-value-quantity", "5085.008 .. 5539.592")]
    [InlineData("location-example", "near", "42.25475478, -83.6945691")]
    [InlineData("location-example", "name", "South Wing, second floor; BU MC, SW, F2; Burgers University Medical Center, South Wing, second floor")]
    [InlineData("location-example", "organization", "Organization/f001")]
    [InlineData("location-example", "address", "Galapagosweg 91, Building A; Den Burg; 9105 PZ; NLD")]
    [InlineData("encounter-example", "class", $"{Terminology}v3-ActCode|IMP")]
    [InlineData("condition-example2", "code", "|(Asthma)")]
    [InlineData("condition-example2", "onset-info", "approximately November 2012")]
    [InlineData("condition-example2", "onset-date", "")]
    [InlineData("condition-example2", "clinical-status", $"{Terminology}condition-clinical|active")]
    [InlineData("chargeitem-example", "price-override", "39.5 .. 40.5 EUR = 39.5 .. 40.5 EUR")]
    [InlineData("chargeitem-example", "quantity", "0.5 .. 1.5")]
    [InlineData("chargeitem-example", "occurrence", "2017-01-25T07:00:00 .. 2017-01-25T11:35:01")]
    [InlineData("chargeitem-example", "requesting-organization", "http://myhospital/NamingSystem/departments|CARD_U1 (identifier)")]
    [InlineData("invoice-example", "totalgross", "47.5 .. 48.5 EUR = 47.5 .. 48.5 EUR")]
    [InlineData("invoice-example", "totalnet", "39.5 .. 40.5 EUR = 39.5 .. 40.5 EUR")]
    [InlineData("group-example", "characteristic", "|(gender); |(owner)")]
    [InlineData("group-example", "characteristic-value", "|(gender) & |(mixed); |(owner) & |(John Smith)")]
    [InlineData("group-example", "exclude", "false")]
    [InlineData("documentreference-example", "relationship", "DocumentReference/example & appends")]
    [InlineData("documentreference-example", "identifier", "urn:ietf:rfc:3986|urn:oid:1.3.6.1.4.1.21367.2005.3.7; urn:ietf:rfc:3986|urn:oid:1.3.6.1.4.1.21367.2005.3.7.1234")]
    [InlineData("documentreference-example", "date", "2005-12-23T22:43:41 .. 2005-12-23T22:43:42")]
    [InlineData("documentreference-example", "author", "Practitioner/xcda1")]
    [InlineData("documentreference-example", "location", "http://example.org/xds/mhd/Binary/07a6483f-732b-461e-86b6-edb665c45510")]
    [InlineData("documentreference-example", "language", "en-US")]
    [InlineData("documentmanifest-example", "source", "urn:oid:1.3.6.1.4.1.21367.2009.1.2.1")]
    [InlineData("documentmanifest-example", "related-id", "http://example.org/documents|23425234234-9999")]
    [InlineData("documentmanifest-example", "created", "2004-12-26T04:50:50 .. 2004-12-26T04:50:51")]
    [InlineData("molecularsequence-example", "window-start", "22125500 .. 22125500")]
    [InlineData("molecularsequence-example", "variant-end", "22125504 .. 22125504")]
    [InlineData("molecularsequence-example", "referenceseqid", "http://www.ncbi.nlm.nih.gov/nuccore|NC_000009.11")]
    [InlineData("molecularsequence-example", "referenceseqid-variant-coordinate", "http://www.ncbi.nlm.nih.gov/nuccore|NC_000009.11 & 22125503 .. 22125503 & 22125504 .. 22125504")]
    [InlineData("familymemberhistory-example", "instantiates-uri", "http://example.org/family-member-history-questionnaire")]
    [InlineData("familymemberhistory-example", "code", $"{Sct}|315619001; |(Heart Attack)")]
    [InlineData("specimen-example", "collected", "2011-05-30T06:15:00 .. 2011-05-30T06:15:01")]
    [InlineData("specimen-example", "container-id", "48736-15394-75465")]
    [InlineData("specimen-example", "bodysite", $"{Sct}|49852007; |(Right median cubital vein)")]
    [InlineData("immunization-example", "lot-number", "AAJN11K")]
    [InlineData("immunization-example", "date", "2013-01-10T00:00:00 .. 2013-01-11T00:00:00")]
    [InlineData("task-example1", "group-identifier", "http:/goodhealth.org/accession/identifiers|G20170201-001")]
    [InlineData("task-example1", "period", "2016-10-30T22:25:05 .. open")]
    [InlineData("goal-example", "target-date", "2016-04-05T00:00:00 .. 2016-04-06T00:00:00")]
    [InlineData("goal-example", "start-date", "2015-04-05T00:00:00 .. 2015-04-06T00:00:00")]
    [InlineData("careplan-example", "date", "open .. 2017-06-02T00:00:00")]
    [InlineData("careplan-example", "activity-code", $"{Loinc}|3141-9; {Sct}|27113001")]
    [InlineData("account-example", "period", "2016-01-01T00:00:00 .. 2016-07-01T00:00:00")]
    [InlineData("auditevent-example", "address", "127.0.0.1; Workstation1.ehr.familyclinic.com")]
    [InlineData("auditevent-example", "agent", "Grahame (identifier); urn:oid:2.16.840.1.113883.4.2|2.16.840.1.113883.4.2 (identifier)")]
    [InlineData("appointment-example", "patient", "Patient/example")]
    [InlineData("appointment-example", "practitioner", "Practitioner/example")]
    [InlineData("appointment-example", "actor", "Patient/example; Practitioner/example; Location/1")]
    [InlineData("activitydefinition-example", "url", "http://motivemi.com/artifacts/ActivityDefinition/referralPrimaryCareMentalHealth")]
    [InlineData("activitydefinition-example", "version", "1.1.0")]
    public void The_values_are_those_that_a_reader_finds(string file, string parameter, string expected)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Folder("fhir/r4-examples"), file + ".json")));
        var resource = document.RootElement;
        var type = resource.GetProperty("resourceType").GetString()!;
        Assert.NotNull(SearchParameterSet.BuiltIn.Find(type, parameter));
        Assert.Equal(expected, string.Join("; ", SearchIndexer.Extract(type, parameter, resource).Select(value => Written(value, alone: true))));
    }

    private static string Written(IndexValue value, bool alone) => value switch
    {
        TokenValue { Code: "" } token => $"|({token.Text})",
        TypedIdentifierValue identifier => $"{identifier.TypeSystem}|{identifier.TypeCode}|{identifier.Value} (of type)",
        TokenValue token => token.System is null ? token.Code : $"{token.System}|{token.Code}",
        StringValue text => text.Text,
        UriValue uri => uri.Uri,
        ReferenceValue reference => $"{reference.TargetType}/{reference.TargetId}",
        ExternalReferenceValue external => external.Url,
        IdentifierReferenceValue identifier => $"{(identifier.System is null ? "" : identifier.System + "|")}{identifier.Value} (identifier)",
        DateValue date => $"{Written(date.Low)} .. {Written(date.High)}",
        NumberValue number => string.Create(CultureInfo.InvariantCulture, $"{number.Low} .. {number.High}"),
        QuantityValue quantity => string.Create(CultureInfo.InvariantCulture, $"{quantity.Low} .. {quantity.High} {quantity.Code}").TrimEnd() + (alone ? Written(quantity.Canonical) : ""),
        PositionValue position => string.Create(CultureInfo.InvariantCulture, $"{position.Latitude}, {position.Longitude}"),
        CompositeValue composite => string.Join(" & ", composite.Parts.Select(part => Written(part, alone: false))),
        _ => value.ToString(),
    };

    private static string Written(CanonicalRange? range) =>
        range is { } known ? string.Create(CultureInfo.InvariantCulture, $" = {known.Low} .. {known.High} {known.Unit}") : "";

    private static string Written(DateTimeOffset instant) =>
        instant == DateTimeOffset.MinValue || instant == DateTimeOffset.MaxValue ? "open" : instant.UtcDateTime.ToString("s", CultureInfo.InvariantCulture);
}
