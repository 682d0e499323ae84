using Xunit;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>Searches and what they find in <see cref="Hospital"/>, under a grant that opens everything.</summary>
public sealed class SearchTableTests(SearchDatabase database) : IClassFixture<SearchDatabase>
{
    public static TheoryData<string, string, string> Unordered => new()
    {
        // token
        { "Patient", "gender=female", "x z" },
        { "Patient", "gender=female,male", "x y z" },
        { "Patient", "gender=FEMALE", "x z" },
        { "Patient", "gender:not=female", "y" },
        { "Patient", "gender:not=female,male", "" },
        { "Patient", "active=true", "x" },
        { "Patient", "active:not=true", "y z" },
        { "Patient", "identifier=MRN-1", "x y" },
        { "Patient", "identifier=urn:mrn|MRN-1", "x" },
        { "Patient", "identifier=urn:mrn|", "x y z" },
        { "Patient", "identifier=|loose", "z" },
        { "Patient", "identifier=|MRN-1", "" },
        { "Patient", "identifier=urn:mrn|MRN-1,urn:mrn|MRN-3", "x z" },
        { "Patient", "identifier=urn:ssn|&gender=male", "y" },
        { "Patient", "_id=x", "x" },
        { "Patient", "_id=x,z,nobody", "x z" },
        { "Patient", "_id=x&_id=y", "" },
        { "Patient", "_tag=urn:tag|vip", "x" },
        { "Patient", "_tag:not=vip", "y z" },
        { "Observation", "code=http://loinc.org|718-7", "x-hb y-hb z-hb n-both" },
        { "Observation", "code=718-7", "x-hb y-hb z-hb n-both n-elsewhere" },
        { "Observation", "code=|718-7", "n-elsewhere" },
        { "Observation", "category=laboratory&status=final", "x-hb y-hb y-hiv z-hb n-both" },
        { "Observation", "value-concept=urn:result|POS", "y-hiv" },
        { "Encounter", "class=AMB", "y-enc z-enc" },
        // string
        { "Patient", "name=ann", "x z" },
        { "Patient", "name=Anna", "x z" },
        { "Patient", "given:exact=Anna", "x" },
        { "Patient", "given:exact=anna", "" },
        { "Patient", "family=müller", "x" },
        { "Patient", "family=MULLER", "x" },
        { "Patient", "family=ludenscheidt", "x" },
        { "Patient", "family=Müller-Lüdenscheid", "x" },
        { "Patient", "family=Müller-Lüdenscheidtx", "" },
        { "Patient", "family=obr", "y" },
        { "Patient", "family=O'B", "y" },
        { "Patient", "family=aken", "z" },
        { "Patient", "family=van aken", "z" },
        { "Patient", "family:contains=denschei", "x" },
        { "Patient", "family:exact=van Aken", "z" },
        { "Patient", "address-city=grossg", "y" },
        { "Patient", "address=8010", "x" },
        { "Patient", "name=ann&name=maria", "x" },
        { "Patient", "name=anna,bernd", "x y z" },
        { "Observation", "value-string=never", "x-smoke" },
        { "Observation", "value-string=never smoked tobacco as far", "x-smoke" },
        { "Observation", "value-string:contains=TOBACCO", "x-smoke" },
        { "Observation", "value-string=obacco", "" },
        // date
        { "Patient", "birthdate=1980-05-17", "x" },
        { "Patient", "birthdate=1980-05", "x" },
        { "Patient", "birthdate=1980", "x z" },
        { "Patient", "birthdate=ne1980", "y" },
        { "Patient", "birthdate=lt1980", "y" },
        { "Patient", "birthdate=gt1980-05-17", "z" },
        { "Patient", "birthdate=ge1980-05-17", "x z" },
        { "Patient", "birthdate=sa1979", "x z" },
        { "Patient", "birthdate=eb1980", "y" },
        { "Patient", "birthdate=le1975", "y" },
        { "Patient", "birthdate=ge1975&birthdate=lt1977", "y" },
        { "Patient", "death-date=2024-06-01", "y" },
        { "Patient", "death-date=gt2024", "" },
        { "Observation", "date=2024-01-10", "x-hb n-both" },
        { "Observation", "date=2024-01", "x-hb x-hr n-both" },
        { "Observation", "date=2024-01-11T07:30:00Z", "x-hr" },
        { "Observation", "date=2024-01-11T08:30:00 01:00", "x-hr" },
        { "Observation", "date=2024-01-11", "x-hr" },
        { "Observation", "date=gt2024-03-02", "x-glu z-hb" },
        { "Observation", "date=sa2024-02-28", "x-glu" },
        { "Observation", "date=lt2023", "z-hb" },
        { "Observation", "date=eb2024", "y-hr" },
        { "Observation", "date=2024-02-02T09:15:30", "y-hiv" },
        { "Observation", "date=2024-02-02T09:15:30.500Z", "y-hiv" },
        { "Observation", "date=2024-02-02T09:15:31", "" },
        { "Observation", "date=ap2024-01-20", "x-hb x-hr n-both y-hb y-hiv z-hb" },
        { "Encounter", "date=2024-01-11", "" },
        { "Encounter", "date=ge2024-01-11&date=le2024-01-11", "x-enc" },
        { "Encounter", "date=gt2030", "y-enc" },
        { "Condition", "onset-date=lt2000", "y-cond" },
        { "Condition", "onset-date=2010", "x-cond" },
        { "Condition", "recorded-date=ge2012", "y-cond" },
        { "DiagnosticReport", "issued=2024-01-11", "x-report" },
        { "Patient", "_lastUpdated=2024-07-01", "x y z" },
        { "Patient", "_lastUpdated=gt2024-07-01T11:59:59Z", "x y z" },
        { "Patient", "_lastUpdated=lt2024-07-01T12:00:00Z", "" },
        { "Patient", "_lastUpdated=le2024-07-01T12:00:00Z", "x y z" },
        // number and quantity
        { "RiskAssessment", "probability=0.25", "x-risk" },
        { "RiskAssessment", "probability=0.8", "x-risk" },
        { "RiskAssessment", "probability=0.1", "y-risk" },
        { "RiskAssessment", "probability=gt0.75", "" },
        { "RiskAssessment", "probability=ge0.75", "x-risk" },
        { "RiskAssessment", "probability=lt0.25", "y-risk" },
        { "RiskAssessment", "probability=ne0.1", "x-risk" },
        { "Observation", "value-quantity=13.5", "x-hb" },
        { "Observation", "value-quantity=13.5|http://unitsofmeasure.org|g/dL", "x-hb" },
        { "Observation", "value-quantity=13.5|urn:other|g/dL", "" },
        { "Observation", "value-quantity=13.5||g/dl", "x-hb" },
        { "Observation", "value-quantity=13.50||g/dL", "x-hb" },
        { "Observation", "value-quantity=95||mg/dL", "x-glu" },
        { "Observation", "value-quantity=15.0", "y-hb" },
        { "Observation", "value-quantity=gt72||/min", "y-hr" },
        { "Observation", "value-quantity=ge72||/min", "x-hr y-hr" },
        { "Observation", "value-quantity=ap100", "x-glu y-hr" },
        { "Observation", "value-quantity=lt10", "z-hb" },
        { "Encounter", "length=gt50|http://unitsofmeasure.org|h", "x-enc" },
        // uri
        { "Patient", "_profile=http://example.org/patient", "x" },
        { "Patient", "_profile=http://example.org/pat", "" },
        // reference
        { "Observation", "subject=Patient/z", "z-hb" },
        { "Observation", "subject=z", "z-hb" },
        { "Observation", "patient=z", "z-hb" },
        { "Observation", "subject:Patient=z", "z-hb" },
        { "Observation", "subject:Group=z", "" },
        { "Observation", "subject=Patient/z,Patient/nobody", "z-hb" },
        { "Observation", "subject=https://other.example.org/fhir/Patient/x", "n-elsewhere" },
        { "Observation", "subject:identifier=urn:mrn|MRN-9", "n-logical" },
        { "Observation", "subject:identifier=MRN-9", "n-logical" },
        { "Observation", "subject:identifier=urn:other|MRN-9", "" },
        { "Observation", "performer=Practitioner/n-house", "x-hb y-hb" },
        { "Observation", "encounter=x-enc", "x-hb x-hr" },
        { "Organization", "partof=n-org1", "n-org2" },
        // missing
        { "Patient", "death-date:missing=false", "y" },
        { "Patient", "organization:missing=true", "z" },
        { "Observation", "date:missing=true", "x-smoke n-logical n-elsewhere" },
        { "Observation", "subject:missing=true", "" },
        { "Patient", "_id:missing=true", "" },
        { "Patient", "_tag:missing=false", "x" },
        // chains
        { "Observation", "subject:Patient.name=bernd", "y-hb y-hr y-hiv" },
        { "Observation", "subject.name=bernd", "y-hb y-hr y-hiv" },
        { "Observation", "patient.gender=female&code=718-7", "x-hb z-hb n-both" },
        { "Observation", "patient.organization.name=general&category=vital-signs", "x-hr y-hr" },
        { "Observation", "patient.organization.identifier=urn:org|GH&date=2024-01-11", "x-hr" },
        { "Observation", "encounter.participant:Practitioner.family=house", "x-hb x-hr" },
        { "Observation", "encounter.location.organization.partof=Organization/n-org1", "x-hb x-hr" },
        { "Observation", "patient.name=nobody", "" },
        { "Observation", "patient.birthdate=lt1976&status=amended", "y-hr" },
        { "Observation", "patient:missing=true", "n-logical" },
        { "DiagnosticReport", "result.code=75622-1", "y-report" },
        { "DiagnosticReport", "result.patient.name=anna", "x-report" },
        { "Observation", "subject._id=z", "z-hb" },
        // reverse chains
        { "Patient", "_has:Observation:patient:code=718-7", "x y z" },
        { "Patient", "_has:Observation:patient:code=75622-1", "y" },
        { "Patient", "_has:Observation:subject:value-quantity=gt100", "y" },
        { "Patient", "_has:Observation:patient:code=nothing", "" },
        { "Patient", "_has:Observation:patient:code=718-7&gender=male", "y" },
        { "Patient", "_has:Observation:patient:_has:DiagnosticReport:result:issued=2024-02-03", "y" },
        { "Practitioner", "_has:Encounter:participant:patient.name=bernd", "n-grey" },
        { "Encounter", "patient._has:Observation:patient:code=75622-1", "y-enc" },
        { "Observation", "_has:Provenance:target:agent=Practitioner/n-grey", "y-hb" },
        { "Observation", "_id=x-hb,y-hb&_has:DiagnosticReport:result:status=final", "x-hb y-hb" },
        { "Patient", "_has:Observation:patient:category=laboratory,vital-signs&_has:Condition:patient:code=86406008", "y" },
    };

    public static TheoryData<string, string, string> Ordered => new()
    {
        { "Patient", "", "x y z" },
        { "Patient", "_sort=birthdate", "y z x" },
        { "Patient", "_sort=-birthdate", "x z y" },
        { "Patient", "_sort=family", "x y z" },
        { "Patient", "_sort=-family", "z y x" },
        { "Patient", "_sort=given", "x z y" },
        { "Patient", "_sort=-_id", "z y x" },
        { "Patient", "_sort=death-date", "x z y" },
        { "Patient", "_sort=-death-date", "y z x" },
        { "Observation", "code=718-7&_sort=-date", "y-hb n-both x-hb z-hb n-elsewhere" },
        { "Observation", "code=718-7&_sort=date", "n-elsewhere z-hb x-hb n-both y-hb" },
        { "Observation", "code=718-7&_sort=date,-_id", "n-elsewhere z-hb x-hb n-both y-hb" },
        { "Observation", "code=718-7&_sort=date,_id", "n-elsewhere z-hb n-both x-hb y-hb" },
        { "Observation", "code=718-7&_sort=-value-quantity,_id", "y-hb x-hb z-hb n-both n-elsewhere" },
        { "Observation", "subject=Patient/x&_sort=-date", "x-glu x-hr n-both x-hb x-smoke" },
        { "Observation", "_sort=-_lastUpdated,-date&category=vital-signs", "x-hr y-hr" },
    };

    [Theory]
    [MemberData(nameof(Unordered))]
    public async Task A_search_finds(string type, string query, string ids)
    {
        var found = await database.IdsAsync(type, query);

        Assert.Equal(Words(ids).Order(), found.Order());
    }

    [Theory]
    [MemberData(nameof(Ordered))]
    public async Task A_search_finds_in_order(string type, string query, string ids)
    {
        Assert.Equal(Words(ids), await database.IdsAsync(type, query));
    }

    private static string[] Words(string ids) => ids.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
