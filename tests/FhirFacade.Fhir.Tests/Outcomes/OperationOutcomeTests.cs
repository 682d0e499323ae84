using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Validation;
using Xunit;

namespace FhirFacade.Fhir.Tests.Outcomes;

public sealed class OperationOutcomeTests
{
    [Fact]
    public void Issues_become_a_valid_OperationOutcome()
    {
        using var outcome = JsonDocument.Parse(OperationOutcome.ToJson(
            new Issue(IssueSeverity.Fatal, IssueType.Exception, "broken"),
            Issue.Error(IssueType.Required, "At least 1 must be there.", "Observation.status"),
            Issue.Warning(IssueType.BusinessRule, "odd"),
            Issue.Information(IssueType.Informational, "")));

        Assert.Empty(StructureValidator.Validate(outcome.RootElement));
        var issues = outcome.RootElement.GetProperty("issue");
        Assert.Equal(["fatal", "error", "warning", "information"], issues.EnumerateArray().Select(issue => issue.GetProperty("severity").GetString()));
        Assert.Equal("Observation.status", issues[1].GetProperty("expression")[0].GetString());
        Assert.False(issues[0].TryGetProperty("expression", out _));
    }

    [Fact]
    public void No_issues_are_an_outcome_that_says_that_all_is_well()
    {
        using var outcome = JsonDocument.Parse(OperationOutcome.ToJson());

        Assert.Empty(StructureValidator.Validate(outcome.RootElement));
        Assert.Equal("information", outcome.RootElement.GetProperty("issue")[0].GetProperty("severity").GetString());
    }

    [Fact]
    public void Every_issue_type_that_the_server_uses_is_one_of_FHIR()
    {
        var codes = typeof(IssueType).GetFields().Select(field => (string)field.GetValue(null)!);
        var allowed = Fhir.Definitions.R4.Definitions.ValueSet("http://hl7.org/fhir/ValueSet/issue-type")!;

        Assert.DoesNotContain(codes, code => !allowed.Contains(code));
    }
}
