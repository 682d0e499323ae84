using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Server.Rest.Operations;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Terminologies;

/// <summary><c>$validate-code</c> of value sets and of code systems (R4 valueset-operation-validate-code.html, codesystem-operation-validate-code.html).</summary>
internal sealed class ValidateCode(TerminologyQuestion question, ContentCheck check)
{
    /// <summary>200 with whether one of the codes is in the value set, under no wrong name; 400, 404, or 422 where it cannot be told.</summary>
    public Task InValueSetAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        var codes = TerminologyQuestion.Codes(operation);
        if (codes.Count == 0)
        {
            return Refusal.BadRequest("the parameter code, coding or codeableConcept is missing", IssueType.Required);
        }
        var (terminology, url, refusal) = await question.AboutAsync(operation, "ValueSet", "valueSet");
        refusal ??= url is null ? Refusal.BadRequest("the parameter url is missing", IssueType.Required) : null;
        refusal ??= terminology!.ValueSet(url!) is null ? TerminologyQuestion.Unknown("the value set") : null;
        return refusal ?? await AnswerAsync(operation, codes.Select(asked => terminology!.ValidateCode(url!, asked.System, asked.Code, asked.Display)));
    });

    /// <summary>200 with whether one of the codes is in the code system, under no wrong name; 400, 404, or 422 where it cannot be told.</summary>
    public Task InCodeSystemAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        var codes = TerminologyQuestion.Codes(operation, system: "url");
        var (terminology, url, refusal) = await question.AboutAsync(operation, "CodeSystem", "codeSystem");
        if (refusal is not null)
        {
            return refusal;
        }
        url ??= codes.Select(asked => asked.System).FirstOrDefault(system => system is not null);
        if (url is null || codes.Count == 0)
        {
            return Refusal.BadRequest("the parameters url and code are needed", IssueType.Required);
        }
        terminology = terminology!.CodeSystem(url) is null ? await question.WithSystemAsync(operation, url) : terminology;
        return terminology.CodeSystem(url) is null ? TerminologyQuestion.Unknown("the code system")
            : await AnswerAsync(operation, codes.Where(asked => asked.System is null || asked.System == url).Select(asked => terminology.ValidateCodeIn(url, asked.Code, asked.Display)));
    });

    private static async Task<Refusal?> AnswerAsync(Operation operation, IEnumerable<CodeValidation> answers)
    {
        var all = answers.ToList();
        var best = all.Find(answer => answer.Result) ?? all.Find(answer => answer.IsMember is null) ?? all.Find(answer => answer.IsMember == true) ?? all.FirstOrDefault() ?? new(false, null, null);
        if (best.IsMember is null)
        {
            return Refusal.One(StatusCodes.Status422UnprocessableEntity, IssueType.NotSupported, "it cannot be told with the terminology that is at hand");
        }
        await OperationResponse.WriteAsync(operation.Http, OperationResponse.Parameters(
            OperationResponse.Part("result", "valueBoolean", best.Result),
            OperationResponse.Part("message", "valueString", best.Result ? null : best.IsMember == true ? "the code has another name" : "the code is not in it"),
            OperationResponse.Part("display", "valueString", best.IsMember == true ? best.Display : null)), operation.Rendering);
        return null;
    }
}
