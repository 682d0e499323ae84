using System.Net;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>What tests ask of answers.</summary>
public static class Outcomes
{
    /// <summary>Asserts the status, and that the body is an OperationOutcome with an issue of the code.</summary>
    public static void IsOutcome(this Answer answer, HttpStatusCode status, string code)
    {
        ArgumentNullException.ThrowIfNull(answer);
        Assert.Equal(status, answer.Status);
        Assert.StartsWith("application/fhir+json", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Equal("OperationOutcome", answer.Json.GetProperty("resourceType").GetString());
        Assert.Contains(code, answer.Json.GetProperty("issue").EnumerateArray().Select(i => i.GetProperty("code").GetString()));
    }
}
