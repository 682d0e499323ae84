using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Server.Rest.Operations;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Terminologies;

/// <summary><c>CodeSystem/$subsumes</c> (R4 codesystem-operation-subsumes.html).</summary>
internal sealed class Subsumes(TerminologyQuestion question, ContentCheck check)
{
    /// <summary>200 with how two codes lie to each other; 400, or 404 where it is not known.</summary>
    public Task HandleAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        var (a, b) = (Of("codingA", "codeA"), Of("codingB", "codeB"));
        var (terminology, url, refusal) = await question.AboutAsync(operation, "CodeSystem", "codeSystem", "system");
        if (refusal is not null)
        {
            return refusal;
        }
        if (url is null && a?.System is { } system)
        {
            (terminology, url) = (await question.WithSystemAsync(operation, system), system);
        }
        if (a is null || b is null || url is null || b.System is { } other && a.System is { } one && other != one)
        {
            return Refusal.BadRequest("two codes of one system are needed: system, codeA and codeB", IssueType.Required);
        }
        if (terminology!.Subsumes(url, a.Code, b.Code) is not { } relation)
        {
            return TerminologyQuestion.Unknown("the code system, or one of the codes,");
        }
        var outcome = relation switch
        {
            Subsumption.Equivalent => "equivalent",
            Subsumption.Subsumes => "subsumes",
            Subsumption.SubsumedBy => "subsumed-by",
            _ => "not-subsumed",
        };
        await OperationResponse.WriteAsync(http, OperationResponse.Parameters(OperationResponse.Part("outcome", "valueCode", outcome)), operation.Rendering);
        return null;

        AskedCode? Of(string coding, string code) => TerminologyQuestion.Codes(operation, coding, code: code) is [var one, ..] ? one : null;
    });
}
