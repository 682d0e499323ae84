using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Operations;

/// <summary>
/// <c>$expand</c>, <c>$validate-code</c>, <c>$lookup</c>, <c>$subsumes</c> and <c>$translate</c> (R4 terminology-service.html) over the terminology that is built in,
/// and over stored value sets that the grant opens. What is built in is the same for everybody who has a token.
/// </summary>
internal sealed class Terminology(ResourceReader resources, TerminologySet terminology, ContentCheck check)
{
    private const int LargestPage = 1000;

    /// <summary>200 with the value set and its codes; 400, 404, or 422 where it cannot be listed.</summary>
    public Task ExpandAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        var (set, refusal) = await ValueSetAsync(operation);
        var (offset, wrongOffset) = operation.Input.Number("offset", 0);
        var (count, wrongCount) = operation.Input.Number("count", LargestPage);
        if ((refusal ?? wrongOffset ?? wrongCount) is { } wrong)
        {
            return wrong;
        }
        var expansion = terminology.Expand(set!, new ExpansionRequest(operation.Input.Text("filter"), offset, Math.Min(count, LargestPage), operation.Input.Text("activeOnly") == "true"));
        if (!expansion.Issues.IsEmpty)
        {
            return new Refusal(StatusCodes.Status422UnprocessableEntity, expansion.Issues);
        }
        var listed = new JsonObject
        {
            ["timestamp"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture),
            ["total"] = expansion.Total,
            ["offset"] = offset,
        };
        if (expansion.Contains.Length > 0)
        {
            listed["contains"] = new JsonArray([.. expansion.Contains.Select(Contained)]);
        }
        var resource = new JsonObject { ["resourceType"] = "ValueSet", ["status"] = "active", ["expansion"] = listed };
        if (set!.Url.Length > 0)
        {
            resource["url"] = set.Url;
        }
        await OperationResponse.WriteAsync(http, resource, operation.Rendering);
        return null;
    });

    /// <summary>200 with whether the code is in the value set; 400, 404, or 422 where it cannot be told.</summary>
    public Task ValidateCodeAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        var (system, code) = Coding(operation, "coding", "system", "code");
        if (code is null)
        {
            return Refusal.BadRequest("the parameter code is missing", IssueType.Required);
        }
        var (set, refusal) = await ValueSetAsync(operation);
        return refusal ?? await AnswerAsync(operation, terminology.Contains(set!, system, code), system is null ? null : terminology.Lookup(system, code)?.Concept.Display);
    });

    /// <summary>200 with whether the code is in the code system; 400, 404, or 422 where it cannot be told.</summary>
    public Task ValidateSystemCodeAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        var (system, code) = Coding(operation, "coding", "url", "code");
        if (system is null || code is null)
        {
            return Refusal.BadRequest("the parameters url and code are needed", IssueType.Required);
        }
        return terminology.CodeSystem(system) is { } codes ? await AnswerAsync(operation, codes.Contains(code), codes.Find(code)?.Display) : Unknown("the code system");
    });

    /// <summary>200 with the name of a code; 400, or 404 for a system or code that is not at hand.</summary>
    public Task LookupAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        var (system, code) = Coding(operation, "coding", "system", "code");
        if (system is null || code is null)
        {
            return Refusal.BadRequest("the parameters system and code are needed", IssueType.Required);
        }
        if (terminology.Lookup(system, code) is not { } found)
        {
            return Unknown("the code");
        }
        var parents = found.Details.Parents.Select(parent => new JsonObject
        {
            ["name"] = "property",
            ["part"] = new JsonArray(OperationResponse.Part("code", "valueCode", "parent"), OperationResponse.Part("value", "valueCode", parent)),
        });
        await OperationResponse.WriteAsync(http, OperationResponse.Parameters([
            OperationResponse.Part("name", "valueString", found.SystemName), OperationResponse.Part("version", "valueString", found.Version),
            OperationResponse.Part("display", "valueString", found.Concept.Display ?? code), .. parents]), operation.Rendering);
        return null;
    });

    /// <summary>200 with how two codes lie to each other; 400, or 404 where it is not known.</summary>
    public Task SubsumesAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        var (systemA, codeA) = Coding(operation, "codingA", "system", "codeA");
        var (_, codeB) = Coding(operation, "codingB", "system", "codeB");
        if (systemA is null || codeA is null || codeB is null)
        {
            return Refusal.BadRequest("the parameters system, codeA and codeB are needed", IssueType.Required);
        }
        if (terminology.Subsumes(systemA, codeA, codeB) is not { } relation)
        {
            return Unknown("the code system, or one of the codes,");
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
    });

    /// <summary>200 with what the code is in another system; 400, or 404 for a map that is not at hand.</summary>
    public Task TranslateAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        var (system, code) = Coding(operation, "coding", "system", "code");
        var (map, target) = (operation.Input.Text("url"), operation.Input.Text("targetsystem"));
        if (code is null || map is null && (target is null || system is null))
        {
            return Refusal.BadRequest("the parameters code and url, or system, code and targetsystem, are needed", IssueType.Required);
        }
        var matches = map is not null ? terminology.Translate(map, system, code) : terminology.TranslateTo(system!, code, target!);
        if (matches is not { } found)
        {
            return Unknown("the concept map");
        }
        await OperationResponse.WriteAsync(http, OperationResponse.Parameters([
            OperationResponse.Part("result", "valueBoolean", found.Any(m => m.Equivalence is not ("unmatched" or "disjoint"))), .. found.Select(Match)]), operation.Rendering);
        return null;
    });

    private async Task<(ValueSet? Set, Refusal? Refusal)> ValueSetAsync(Operation operation)
    {
        var sent = operation.Input.Resource("valueSet");
        sent = sent.ValueKind == JsonValueKind.Undefined ? operation.Input.Body : sent;
        if (operation.Http.Request.RouteValues["id"] is string id)
        {
            if (Address.Refuse("ValueSet", operation.Grant, Interactions.Read) is { } closed)
            {
                return (null, closed);
            }
            if (await resources.ReadAsync("ValueSet", id, operation.Grant, operation.Http.RequestAborted) is not ReadOutcome.Found(var stored))
            {
                return (null, Refusal.NotFound());
            }
            sent = JsonElement.Parse(stored.Doc.Span);
        }
        if (sent.ValueKind == JsonValueKind.Object)
        {
            return ValueSet.Read(sent) is { } given ? (given, null) : (null, Refusal.BadRequest("the value set cannot be read", IssueType.Structure));
        }
        return operation.Input.Text("url") is not { } url ? (null, Refusal.BadRequest("the parameter url is missing", IssueType.Required))
            : terminology.ValueSet(url) is { } set ? (set, null)
            : (null, Unknown("the value set"));
    }

    private static (string? System, string? Code) Coding(Operation operation, string coding, string system, string code)
    {
        var given = operation.Input.Object(coding);
        string? Of(string name) => given.ValueKind == JsonValueKind.Object && given.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        return (Of("system") ?? operation.Input.Text(system), Of("code") ?? operation.Input.Text(code));
    }

    private static async Task<Refusal?> AnswerAsync(Operation operation, bool? result, string? display)
    {
        if (result is null)
        {
            return Refusal.One(StatusCodes.Status422UnprocessableEntity, IssueType.NotSupported, "it cannot be told with the terminology that is at hand");
        }
        await OperationResponse.WriteAsync(operation.Http, OperationResponse.Parameters(
            OperationResponse.Part("result", "valueBoolean", result.Value),
            OperationResponse.Part("message", "valueString", result.Value ? null : "the code is not in it"),
            OperationResponse.Part("display", "valueString", result.Value ? display : null)), operation.Rendering);
        return null;
    }

    private static JsonObject Contained(ExpansionConcept concept)
    {
        var json = new JsonObject { ["system"] = concept.System };
        if (concept.IsAbstract)
        {
            json["abstract"] = true;
        }
        json["code"] = concept.Code;
        if (concept.Display is not null)
        {
            json["display"] = concept.Display;
        }
        return json;
    }

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
        return new JsonObject
        {
            ["name"] = "match",
            ["part"] = new JsonArray(
                OperationResponse.Part("equivalence", "valueCode", match.Equivalence),
                OperationResponse.Part("concept", "valueCoding", concept),
                OperationResponse.Part("source", "valueUri", match.Map)),
        };
    }

    private static Refusal Unknown(string what) => Refusal.One(StatusCodes.Status404NotFound, IssueType.NotFound, $"{what} is not at hand");
}
