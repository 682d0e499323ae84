using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Syntax;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>
/// <c>elementDefinition()</c>: for each item the ElementDefinition of R4 that it is an instance of, with path, cardinality, types and
/// binding. An item that is reached by other ways than element names has the definition of its type as a whole.
/// </summary>
internal sealed class DefinitionNode(Node source, Node? parents, string? name) : Node
{
    private static readonly ModelType? elementDefinition = ModelType.Find("ElementDefinition");
    private static readonly ConditionalWeakTable<object, object> written = [];

    /// <summary>The node for what the expression finds.</summary>
    public static DefinitionNode Of(Expression? source, Func<Expression?, Node> compile)
    {
        var path = source;
        while (path is Indexer or Call { Name: "where" or "first" or "last" or "tail" or "skip" or "take" or "single" })
        {
            path = path is Indexer indexer ? indexer.Source : ((Call)path).Source;
        }

        return path is Member member ? new(compile(source), compile(member.Source), member.Name) : new(compile(source), null, null);
    }

    public override Collection Evaluate(Scope scope)
    {
        var items = source.Evaluate(scope);
        if (items.IsEmpty)
        {
            return items;
        }

        var holder = parents?.Evaluate(scope) ?? Collection.Empty;
        var element = holder.IsEmpty || name is null ? null : holder[0].Type?.Element(name);
        var definitions = new CollectionBuilder();
        for (var i = 0; i < items.Count; i++)
        {
            if (element is not null)
            {
                definitions.Add(new Item(Json(element, () => Write(element.Definition)), elementDefinition));
            }
            else if (items[i].Type is { } type)
            {
                definitions.Add(new Item(Json(type, () => new JsonObject { ["path"] = type.Name, ["min"] = 0, ["max"] = "*" }), elementDefinition));
            }
        }

        return definitions.ToCollection();
    }

    private static JsonElement Json(object key, Func<JsonObject> write) =>
        (JsonElement)written.GetValue(key, _ => JsonSerializer.SerializeToElement(write()));

    private static JsonObject Write(ElementDefinition element)
    {
        var json = new JsonObject
        {
            ["path"] = element.Path,
            ["min"] = element.Min,
            ["max"] = element.Max is { } most ? most.ToString(System.Globalization.CultureInfo.InvariantCulture) : "*",
        };
        if (!element.Types.IsEmpty)
        {
            json["type"] = new JsonArray([.. element.Types.Select(type => new JsonObject { ["code"] = type.Contains('.', StringComparison.Ordinal) ? "BackboneElement" : type })]);
        }

        json["isModifier"] = element.IsModifier;
        json["isSummary"] = element.IsSummary;
        if (element.Binding is { } binding)
        {
            json["binding"] = new JsonObject { ["strength"] = binding.Strength.ToString().ToLowerInvariant(), ["valueSet"] = binding.ValueSet };
        }

        return json;
    }
}
