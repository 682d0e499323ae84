using System.Text.Json;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Plan;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>When a reference to a patient tells that the row is one of the patient's own, or nobody's.</summary>
public sealed class PatientLinksTests
{
    [Theory]
    [InlineData("Observation", "patient", true)]
    [InlineData("Observation", "subject", true)]
    [InlineData("Observation", "focus", false)]
    [InlineData("Condition", "patient", true)]
    [InlineData("Encounter", "patient", true)]
    [InlineData("MedicationRequest", "patient", true)]
    [InlineData("Patient", "link", false)]
    [InlineData("Device", "patient", false)]
    public void A_parameter_tells_if_the_compartment_finds_what_it_finds(string type, string code, bool tells)
    {
        Assert.Equal(tells, PatientLinks.Tell(type, SearchParameterSet.Served.Find(type, code)!));
    }

    [Fact]
    public void No_row_that_refers_to_a_patient_by_such_a_parameter_belongs_to_another()
    {
        if (RepositoryFiles.TestData is not { } data)
        {
            Assert.Skip("No test data beside the checkout.");
            return;
        }

        var told = 0;
        foreach (var resource in PublicResources.Read(data, 3).Select(r => JsonSerializer.SerializeToElement(r)))
        {
            var type = resource.GetProperty("resourceType").GetString()!;
            foreach (var parameter in SearchParameterSet.Served.For(type).Where(p => PatientLinks.Tell(type, p)))
            {
                foreach (var reference in SearchIndexer.Extract(type, parameter.Code, resource).OfType<ReferenceValue>().Where(r => r.TargetType == "Patient"))
                {
                    told++;
                    Assert.True(
                        PatientCompartment.Of(type, resource) is not PatientMembership.One(var owner) || owner == reference.TargetId,
                        $"{type}?{parameter.Code} of {resource.GetProperty("id").GetString()}");
                }
            }
        }

        Assert.True(told > 500);
    }

    [Fact]
    public async Task Every_type_whose_parameters_tell_has_an_index_of_rows_that_belong_to_nobody()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var missing = await database.ScalarAsync<string>(
            "select coalesce(string_agg(t, ' '), '') from unnest($1::text[]) t where to_regclass('r.' || t || '_shared') is null",
            ResourceTables.Types.Where(type => SearchParameterSet.R4.For(type).Any(p => PatientLinks.Tell(type, p))).Select(type => type.ToLowerInvariant()).ToArray() as object);

        Assert.Empty(missing);
    }
}
