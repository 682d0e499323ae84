using System.Text.Json.Nodes;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Server.Rest.Operations;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Terminologies;

/// <summary><c>ConceptMap/$translate</c> (R4 conceptmap-operation-translate.html).</summary>
internal sealed class Translate(TerminologyQuestion question, TerminologySources sources, ContentCheck check)
{
    /// <summary>200 with what the codes are in another system, by one map or by all that fit; 400, or 404 for a map that is not at hand.</summary>
    public Task HandleAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        var codes = TerminologyQuestion.Codes(operation);
        var (terminology, map, refusal) = await question.AboutAsync(operation, "ConceptMap", "conceptMap");
        if (refusal is not null)
        {
            return refusal;
        }
        var (targetSystem, isReverse) = (operation.Input.Text("targetsystem"), operation.Input.Text("reverse") == "true");
        if (codes.Count == 0 || map is null && (targetSystem is null || codes.Any(asked => asked.System is null)))
        {
            return Refusal.BadRequest("the parameters code and url, or system, code and targetsystem, are needed", IssueType.Required);
        }
        if (map is not null && terminology!.ConceptMap(map) is null)
        {
            return TerminologyQuestion.Unknown("the concept map");
        }
        if (map is null)
        {
            var (from, to) = isReverse ? (targetSystem, codes[0].System) : (codes[0].System, targetSystem);
            terminology = await sources.WithAsync([], operation.Grant, http.RequestAborted, await sources.MapsAsync(from, to, operation.Grant, http.RequestAborted));
        }
        var found = codes.SelectMany(asked =>
        {
            var request = new TranslationRequest(asked.System, asked.Code) { TargetSystem = targetSystem, Source = operation.Input.Text("source"), Target = operation.Input.Text("target"), IsReverse = isReverse };
            return map is null ? terminology!.Translate(request) : terminology!.Translate(map, request) ?? [];
        }).ToList();
        await OperationResponse.WriteAsync(http, OperationResponse.Parameters([
            OperationResponse.Part("result", "valueBoolean", found.Exists(match => match.IsMatch)),
            OperationResponse.Part("message", "valueString", found.Count == 0 ? "no map at hand says what the code becomes" : null), .. found.Select(Match)]), operation.Rendering);
        return null;
    });

    private static JsonObject Match(TranslationMatch match)
    {
        var concept = new JsonObject { ["code"] = match.Code };
        if (match.System is not null)
        {
            concept["system"] = match.System;
        }
        if (match.Display is not null)
        {
            concept["display"] = match.Display;
        }
        var products = match.Products.Select(product => new JsonObject
        {
            ["name"] = "product",
            ["part"] = new JsonArray(
                OperationResponse.Part("element", "valueUri", product.Property),
                OperationResponse.Part("concept", "valueCoding", product.System is null ? new JsonObject { ["code"] = product.Value } : new JsonObject { ["system"] = product.System, ["code"] = product.Value })),
        });
        return new JsonObject
        {
            ["name"] = "match",
            ["part"] = new JsonArray([
                OperationResponse.Part("equivalence", "valueCode", match.Equivalence),
                OperationResponse.Part("concept", "valueCoding", concept),
                .. products,
                OperationResponse.Part("source", "valueUri", match.Map)]),
        };
    }
}
