using System.Collections.Frozen;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Plan;
using Xunit;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>Which way is taken to the rows of a table of a million observations, seven in ten of them from the laboratory.</summary>
public sealed class AccessPathTests
{
    private static readonly TermStatistics Observations = new(
        1_000_000,
        new Dictionary<long, float>
        {
            [Terms.TokenCode("category", "laboratory")] = 0.7f,
            [Terms.TokenCode("category", "vital-signs")] = 0.3f,
            [Terms.TokenCode("code", "common")] = 0.05f,
            [Terms.TokenCode("status", "preliminary")] = 0.05f,
        }.ToFrozenDictionary(),
        0.0001);

    private static readonly TermStatistics Patients = new(
        20_000, new Dictionary<long, float> { [Terms.TokenCode("gender", "male")] = 0.5f }.ToFrozenDictionary(), 0.0005);

    public static TheoryData<string, string, string, Type> Choices => new()
    {
        { "system/*.rs", "", "", typeof(AccessPath.Ordered) },
        { "system/*.rs", "", "_sort=-date", typeof(AccessPath.Ordered) },
        { "system/*.rs", "", "_sort=value-quantity", typeof(AccessPath.All) },
        { "patient/*.rs", "", "", typeof(AccessPath.Patient) },
        { "patient/*.rs", "category=laboratory", "_sort=-date", typeof(AccessPath.Patient) },
        { "patient/Observation.rs?category=laboratory patient/Observation.rs?category=vital-signs", "code=common", "", typeof(AccessPath.Few) },
        { "patient/Observation.rs system/Observation.rs?category=laboratory", "", "", typeof(AccessPath.Walk) },
        { "system/*.rs", "patient=p", "", typeof(AccessPath.Patient) },
        { "system/*.rs", "subject=Patient/p&category=laboratory", "_sort=-date", typeof(AccessPath.Patient) },
        { "system/*.rs", "patient=p,q", "", typeof(AccessPath.Rare) },
        { "system/*.rs", "focus=Patient/p", "", typeof(AccessPath.Rare) },
        { "system/*.rs", "_id=a,b", "", typeof(AccessPath.Few) },
        { "system/*.rs", "code=rare", "_sort=-date", typeof(AccessPath.Rare) },
        { "system/*.rs", "category=laboratory&code=rare", "_sort=-date", typeof(AccessPath.Rare) },
        { "system/*.rs", "category=vital-signs&code=common&status=rare", "_sort=-date", typeof(AccessPath.Rare) },
        { "system/*.rs", "category=laboratory", "_sort=-date", typeof(AccessPath.Walk) },
        { "system/*.rs", "category=laboratory&category=vital-signs", "_sort=-date", typeof(AccessPath.Walk) },
        { "system/*.rs", "code=common", "_sort=-date", typeof(AccessPath.Posting) },
        { "system/*.rs", "code=common", "_sort=date", typeof(AccessPath.Posting) },
        { "system/*.rs", "code=common&category=laboratory", "_sort=-date", typeof(AccessPath.Posting) },
        { "system/*.rs", "code=common", "", typeof(AccessPath.Walk) },
        { "system/*.rs", "code=common,rare", "_sort=-date", typeof(AccessPath.Walk) },
        { "system/*.rs", "_content=word", "", typeof(AccessPath.Refused) },
        { "system/*.rs", "_content=word&code=rare", "", typeof(AccessPath.All) },
        { "patient/*.rs", "_content=word", "", typeof(AccessPath.Patient) },
        { "system/*.rs", "code=common", "_sort=value-quantity", typeof(AccessPath.All) },
        { "system/*.rs", "date=ge2024", "_sort=-date", typeof(AccessPath.Walk) },
        { "system/*.rs", "patient.gender=male", "_sort=-date", typeof(AccessPath.Walk) },
        { "system/*.rs", "patient.identifier=mrn|1", "_sort=-date", typeof(AccessPath.All) },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void The_way_to_the_rows_fits_the_search(string scopes, string criteria, string order, Type path)
    {
        Assert.IsType(path, Choose("Observation", scopes, $"{criteria}&{order}"));
    }

    [Fact]
    public void A_reverse_chain_over_a_common_code_starts_from_the_patients()
    {
        Assert.IsType<AccessPath.Walk>(Choose("Patient", "system/*.rs", "_has:Observation:patient:code=common"));
        Assert.IsType<AccessPath.All>(Choose("Patient", "system/*.rs", "_has:Observation:patient:code=rare"));
    }

    [Fact]
    public void A_walk_is_the_longer_the_rarer_the_term_and_never_endless()
    {
        var laboratory = Assert.IsType<AccessPath.Walk>(Choose("Observation", "system/*.rs", "category=laboratory&_sort=-date"));
        var common = Assert.IsType<AccessPath.Walk>(Choose("Observation", "system/*.rs", "status=preliminary&_sort=-date"));

        Assert.InRange(laboratory.Rows, 1_000, common.Rows);
        Assert.InRange(common.Rows, laboratory.Rows, 50_000);
    }

    private static AccessPath Choose(string type, string scopes, string query)
    {
        var plan = Assert.IsType<PlanOutcome.Planned>(Planner.Plan(SearchDatabase.Query(type, query), SearchDatabase.Grant(scopes, "p"))).Plan;
        return AccessPaths.Choose(plan, of => of == "Patient" ? Patients : Observations);
    }
}
