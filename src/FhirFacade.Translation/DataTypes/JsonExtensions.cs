using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.DataTypes;

/// <summary>Building JSON without empty things.</summary>
internal static class JsonExtensions
{
    /// <summary>Sets the property unless there is nothing to set.</summary>
    public static void Put(this JsonObject json, string name, string? text)
    {
        if (text is not null)
        {
            json[name] = text;
        }
    }

    /// <inheritdoc cref="Put(JsonObject, string, string?)"/>
    public static void Put(this JsonObject json, string name, JsonNode? node)
    {
        if (node is not null)
        {
            json[name] = node;
        }
    }

    /// <summary>Appends to a list property, made if absent, unless there is nothing to append.</summary>
    public static void Append(this JsonObject json, string name, JsonNode? item)
    {
        if (item is null)
        {
            return;
        }

        if (json[name] is not JsonArray list)
        {
            json[name] = list = [];
        }

        list.Add(item);
    }

    /// <summary>Appends an extension with a string-like value, unless there is none.</summary>
    public static void Extend(this JsonObject json, string url, string valueName, JsonNode? value)
    {
        if (value is not null)
        {
            json.Append("extension", new JsonObject { ["url"] = url, [valueName] = value });
        }
    }

    /// <summary>Null for an object without properties.</summary>
    public static JsonObject? OrNull(this JsonObject json) => json.Count == 0 ? null : json;
}
