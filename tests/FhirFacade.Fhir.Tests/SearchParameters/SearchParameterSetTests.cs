using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.SearchParameters;
using Xunit;

namespace FhirFacade.Fhir.Tests.SearchParameters;

public sealed class SearchParameterSetTests
{
    [Fact]
    public void Every_type_has_the_parameters_of_all_resources() =>
        Assert.All(R4.Definitions.ResourceTypes, type => Assert.Superset(
            new HashSet<string> { "_id", "_lastUpdated", "_tag", "_profile", "_security", "_source" },
            SearchParameterSet.R4.For(type).Select(p => p.Code).ToHashSet()));

    [Fact]
    public void A_parameter_is_found_by_type_and_exact_code()
    {
        var patient = SearchParameterSet.R4.Find("Observation", "patient");
        Assert.Equal(SearchParameterType.Reference, patient?.Type);
        Assert.Contains("Patient", patient!.Targets);
        Assert.Equal("http://hl7.org/fhir/SearchParameter/clinical-patient", patient.Url);
        Assert.Null(SearchParameterSet.R4.Find("Observation", "Patient"));
        Assert.Null(SearchParameterSet.R4.Find("Patient", "patient"));
        Assert.Null(SearchParameterSet.R4.Find("NoSuchType", "_id"));
        Assert.Empty(SearchParameterSet.R4.For("NoSuchType"));
    }

    [Fact]
    public void A_composite_names_parameters_that_exist() =>
        Assert.All(
            R4.Definitions.ResourceTypes.SelectMany(SearchParameterSet.R4.For).Where(p => p.Type == SearchParameterType.Composite),
            p => Assert.All(p.Components, c => Assert.NotNull(SearchParameterSet.R4.FindByUrl(c.Definition))));

    [Fact]
    public void Reference_parameters_say_where_they_point_to_but_for_one_that_the_specification_forgot() =>
        Assert.Equal(
            ["RequestGroup.instantiates-canonical"],
            from type in R4.Definitions.ResourceTypes
            from p in SearchParameterSet.R4.For(type)
            where p.Type == SearchParameterType.Reference && p.Targets.IsEmpty
            select $"{type}.{p.Code}");

    [Fact]
    public void Every_expression_compiles_and_names_elements_that_its_type_has()
    {
        var broken = new List<string>();
        foreach (var type in R4.Definitions.ResourceTypes)
        {
            foreach (var parameter in SearchParameterSet.R4.For(type))
            {
                var branches = parameter.Expression.Split(" | ").Where(branch => branch.TrimStart('(').StartsWith(type + ".", StringComparison.Ordinal));
                broken.AddRange(branches.Where(branch => !Compiles(branch, type)).Select(branch => $"{type}.{parameter.Code}: {branch}"));
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_type_can_be_indexed_and_an_empty_resource_has_next_to_nothing()
    {
        foreach (var type in R4.Definitions.ResourceTypes)
        {
            using var empty = System.Text.Json.JsonDocument.Parse($"{{\"resourceType\":\"{type}\"}}");
            Assert.All(SearchIndexer.Extract(type, empty.RootElement), value => Assert.Equal("deceased", value.Parameter));
        }
    }

    private static bool Compiles(string expression, string type)
    {
        try
        {
            _ = FhirPathExpression.Compile(expression, type);
            return true;
        }
        catch (FhirPathSyntaxException)
        {
            return false;
        }
    }

    [Fact]
    public void An_include_follows_relative_references_of_reference_parameters_only()
    {
        using var report = System.Text.Json.JsonDocument.Parse("""
            {"resourceType":"DiagnosticReport","result":[{"reference":"Observation/1"},{"reference":"http://x/Observation/2"},{"reference":"Observation/1"}]}
            """);
        Assert.Equal([new ReferenceValue("result", "Observation", "1")], ReferenceExtractor.For("DiagnosticReport", "result")!.Extract(report.RootElement));
        Assert.Null(ReferenceExtractor.For("DiagnosticReport", "code"));
        Assert.Null(ReferenceExtractor.For("DiagnosticReport", "no-such"));
    }
}
