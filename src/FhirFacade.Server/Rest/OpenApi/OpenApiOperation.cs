using System.Text.Json.Nodes;

namespace FhirFacade.Server.Rest.OpenApi;

/// <summary>One request that can be made, with its parts put together.</summary>
/// <param name="Tag">The type, or the system.</param>
/// <param name="Id">A name that no other has.</param>
/// <param name="Summary">What it does, in a few words.</param>
internal sealed record OpenApiOperation(string Tag, string Id, string Summary)
{
    /// <summary>Names of parameters among the components.</summary>
    public IEnumerable<string> Parameters { get; init; } = [];

    /// <summary>The body, if it takes one.</summary>
    public JsonObject? Body { get; init; }

    /// <summary>The name of the answer among the components, or:</summary>
    public string Answer { get; init; } = "Resource";

    /// <summary>The answer itself.</summary>
    public JsonObject? AnswerIs { get; init; }

    /// <summary>The status of that answer.</summary>
    public string Status { get; init; } = "200";

    /// <summary>Whether it needs no token.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The letters of the SMART scope that opens it, such as <c>rs</c>.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Its operation object.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["tags"] = new JsonArray(Tag), ["operationId"] = Id, ["summary"] = Summary };
        if (Parameters.Any())
        {
            json["parameters"] = new JsonArray([.. Parameters.Select(name => OpenApiParts.Ref("parameters", name))]);
        }
        if (Body is not null)
        {
            json["requestBody"] = Body;
        }
        var answers = new JsonObject { [Status] = AnswerIs ?? OpenApiParts.Ref("responses", Answer) };
        if (Status == "200" && Parameters.Contains("_format") && Answer == "Resource")
        {
            answers["304"] = OpenApiParts.Ref("responses", "NotModified");
        }
        answers["default"] = OpenApiParts.Ref("responses", "Outcome");
        json["responses"] = answers;
        if (IsOpen)
        {
            json["security"] = new JsonArray();
        }
        if (Scope.Length > 0)
        {
            json["x-smart-scope"] = Scope;
        }
        return json;
    }
}
