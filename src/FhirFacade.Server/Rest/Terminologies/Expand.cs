using System.Globalization;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Server.Rest.Operations;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Terminologies;

/// <summary><c>ValueSet/$expand</c> (R4 valueset-operation-expand.html).</summary>
internal sealed class Expand(TerminologyQuestion question, ContentCheck check, TimeProvider clock)
{
    private const int LargestPage = 1000;

    /// <summary>200 with the value set and its codes; 400, 404, or 422 where it cannot be listed.</summary>
    public Task HandleAsync(HttpContext http) => Operation.RunAsync(http, check, async operation =>
    {
        var (terminology, url, refusal) = await question.AboutAsync(operation, "ValueSet", "valueSet");
        var (offset, wrongOffset) = operation.Input.Number("offset", 0);
        var (count, wrongCount) = operation.Input.Number("count", LargestPage);
        if ((refusal ?? wrongOffset ?? wrongCount ?? (url is null ? Refusal.BadRequest("the parameter url is missing", IssueType.Required) : null)) is { } wrong)
        {
            return wrong;
        }
        if (terminology!.ValueSet(url!) is not { } set)
        {
            return TerminologyQuestion.Unknown("the value set");
        }
        var expansion = terminology.Expand(set, new ExpansionRequest(operation.Input.Text("filter"), offset, Math.Min(count, LargestPage), operation.Input.Text("activeOnly") == "true")
        {
            WithoutAbstract = operation.Input.Text("excludeNotForUI") == "true",
            IsNested = operation.Input.Text("excludeNested") == "false",
        });
        if (!expansion.Issues.IsEmpty)
        {
            return new Refusal(StatusCodes.Status422UnprocessableEntity, expansion.Issues);
        }
        var resource = new JsonObject { ["resourceType"] = "ValueSet", ["status"] = "active", ["expansion"] = Listed(expansion, offset) };
        if (!set.Url.StartsWith("urn:fhirfacade:", StringComparison.Ordinal))
        {
            resource["url"] = set.Url;
        }
        if (set.Version is { } version)
        {
            resource["version"] = version;
        }
        await OperationResponse.WriteAsync(http, resource, operation.Rendering);
        return null;
    });

    private JsonObject Listed(Expansion expansion, int offset)
    {
        var listed = new JsonObject
        {
            ["identifier"] = $"urn:uuid:{Guid.NewGuid()}",
            ["timestamp"] = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            ["total"] = expansion.Total,
            ["offset"] = offset,
        };
        if (!expansion.UsedCodeSystems.IsEmpty)
        {
            listed["parameter"] = new JsonArray([.. expansion.UsedCodeSystems.Select(used => new JsonObject { ["name"] = "used-codesystem", ["valueUri"] = used })]);
        }
        if (expansion.Contains.Length > 0)
        {
            listed["contains"] = new JsonArray([.. expansion.Contains.Select(Contained)]);
        }
        return listed;
    }

    private static JsonObject Contained(ExpansionConcept concept)
    {
        var json = new JsonObject { ["system"] = concept.System };
        if (concept.IsAbstract)
        {
            json["abstract"] = true;
        }
        if (concept.IsInactive)
        {
            json["inactive"] = true;
        }
        json["code"] = concept.Code;
        if (concept.Display is not null)
        {
            json["display"] = concept.Display;
        }
        if (!concept.Contains.IsEmpty)
        {
            json["contains"] = new JsonArray([.. concept.Contains.Select(Contained)]);
        }
        return json;
    }
}
