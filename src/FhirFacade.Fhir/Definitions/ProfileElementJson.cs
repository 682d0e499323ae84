using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Fhir.Definitions;

/// <summary>One element of a profile as JSON, with the names that ElementDefinition has.</summary>
internal static class ProfileElementJson
{
    public static JsonObject Of(ProfileElement element)
    {
        var json = new JsonObject { ["id"] = element.Id };
        if (element.Slicing is { } slicing)
        {
            json["slicing"] = Of(slicing);
        }

        if (element.Min > 0)
        {
            json["min"] = element.Min;
        }

        if (element.Max is { } max)
        {
            json["max"] = max.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (!element.Types.IsEmpty)
        {
            json["type"] = new JsonArray([.. element.Types.Select(Of)]);
        }

        Add(json, "fixedValue", element.Fixed);
        Add(json, "patternValue", element.Pattern);
        Add(json, "minValueLimit", element.MinValue);
        Add(json, "maxValueLimit", element.MaxValue);
        if (element.MaxLength is { } length)
        {
            json["maxLength"] = length;
        }

        if (element.Binding is { } binding)
        {
            json["binding"] = Of(binding);
        }

        if (!element.Constraints.IsEmpty)
        {
            json["constraint"] = new JsonArray([.. element.Constraints.Select(constraint => new JsonObject
            {
                ["key"] = constraint.Key, ["severity"] = constraint.IsWarning ? "warning" : "error", ["expression"] = constraint.Expression,
            })]);
        }

        if (element.MustSupport)
        {
            json["mustSupport"] = true;
        }

        // A slice without more to say still is one.
        if (json.Count == 1 && element.SliceName is not null)
        {
            json["sliceName"] = element.SliceName;
        }

        return json;
    }

    public static JsonArray List(ImmutableArray<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonObject Of(Binding binding)
    {
        var json = new JsonObject { ["strength"] = BindingReader.Name(binding.Strength), ["valueSet"] = binding.ValueSet };
        if (binding.MaxValueSet is { } max)
        {
            json["maxValueSet"] = max;
        }

        return json;
    }

    private static JsonObject Of(Slicing slicing)
    {
        var json = new JsonObject
        {
            ["discriminator"] = new JsonArray([.. slicing.Discriminators.Select(discriminator => new JsonObject
            {
                ["type"] = discriminator.Type.ToString().ToLowerInvariant(), ["path"] = discriminator.Path,
            })]),
        };
        if (slicing.IsOrdered)
        {
            json["ordered"] = true;
        }

        json["rules"] = slicing.Rules switch { SlicingRules.Closed => "closed", SlicingRules.OpenAtEnd => "openAtEnd", _ => "open" };
        return json;
    }

    private static JsonObject Of(ProfileType type)
    {
        var json = new JsonObject { ["code"] = type.Code };
        if (!type.Profiles.IsEmpty)
        {
            json["profile"] = List(type.Profiles);
        }

        if (!type.TargetProfiles.IsEmpty)
        {
            json["targetProfile"] = List(type.TargetProfiles);
        }

        return json;
    }

    private static void Add(JsonObject json, string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Undefined)
        {
            json[name] = JsonNode.Parse(value.GetRawText());
        }
    }
}
