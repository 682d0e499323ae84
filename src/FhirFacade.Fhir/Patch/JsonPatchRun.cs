using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Patch;

/// <summary>A document while the operations of a JSON Patch are applied to it. A failure leaves it half changed.</summary>
internal sealed class JsonPatchRun(JsonNode? root, ResourceLimits limits)
{
    private static readonly PatchFailure Nothing = new("There is nothing at its path.", IssueType.NotFound);

    // Values met while their depth is taken: a large part can be moved to and fro.
    private long _budget = 10_000_000;
    private long _copied;

    public JsonNode? Root { get; private set; } = root;

    public PatchFailure? Apply(JsonElement operation)
    {
        if (operation.ValueKind != JsonValueKind.Object || Text(operation, "op") is not { } name)
        {
            return new("An operation is an object with an op.", IssueType.Structure);
        }

        if (Text(operation, "path") is not { } text || JsonPointer.Parse(text) is not { } path)
        {
            return new("Its path is not a JSON Pointer.", IssueType.Structure);
        }

        switch (name)
        {
            case "remove":
                return Remove(path, out _);
            case "add" or "replace" or "test":
                if (!operation.TryGetProperty("value", out var json))
                {
                    return new("It has no value.", IssueType.Structure);
                }

                var value = JsonNodes.From(json);
                return name == "add" ? Add(path, value) : name == "replace" ? Replace(path, value) : Test(path, value);
            case "move" or "copy":
                if (Text(operation, "from") is not { } source || JsonPointer.Parse(source) is not { } from)
                {
                    return new("Its from is not a JSON Pointer.", IssueType.Structure);
                }

                return name == "move" ? Move(from, path) : Copy(from, path);
            default:
                return new("Its op is none of add, remove, replace, move, copy and test.", IssueType.NotSupported);
        }
    }

    private PatchFailure? Add(JsonPointer path, JsonNode? value)
    {
        if (path.Tokens.Length + JsonNodes.Depth(value, ref _budget) > limits.MaxDepth)
        {
            return new($"Objects and arrays become nested deeper than {limits.MaxDepth} levels.", IssueType.TooCostly);
        }

        if (_budget < 0)
        {
            return new("The patch moves more than this server takes.", IssueType.TooCostly);
        }

        if (path.Tokens.IsEmpty)
        {
            Root = value;
            return null;
        }

        switch (Parent(path))
        {
            case JsonObject json:
                json[path.Tokens[^1]] = value;
                return null;
            case JsonArray json when path.Tokens[^1] == "-":
                json.Add(value);
                return null;
            case JsonArray json when JsonPointer.Index(path.Tokens[^1]) is { } index && index <= json.Count:
                json.Insert(index, value);
                return null;
            case JsonArray:
                return new("Its path names no place in the array.", IssueType.NotFound);
            default:
                return new("There is no object or array that its path leads into.", IssueType.NotFound);
        }
    }

    private PatchFailure? Remove(JsonPointer path, out JsonNode? removed)
    {
        if (!TryFind(path, out removed))
        {
            return Nothing;
        }

        switch (path.Tokens.IsEmpty ? null : Parent(path))
        {
            case JsonObject json:
                json.Remove(path.Tokens[^1]);
                return null;
            case JsonArray json:
                json.RemoveAt(JsonPointer.Index(path.Tokens[^1])!.Value);
                return null;
            default:
                Root = null;
                return null;
        }
    }

    private PatchFailure? Replace(JsonPointer path, JsonNode? value) => Remove(path, out _) ?? Add(path, value);

    private PatchFailure? Test(JsonPointer path, JsonNode? value) =>
        !TryFind(path, out var found) ? Nothing
        : JsonNode.DeepEquals(found, value) ? null
        : new("What is at its path is not what it tests for.");

    private PatchFailure? Move(JsonPointer from, JsonPointer path) =>
        from.IsAbove(path) ? new("Nothing can be moved into itself.") : Remove(from, out var moved) ?? Add(path, moved);

    private PatchFailure? Copy(JsonPointer from, JsonPointer path)
    {
        if (!TryFind(from, out var found))
        {
            return new("There is nothing at its from.", IssueType.NotFound);
        }

        // Copies of copies double with each operation.
        _copied += found?.ToJsonString().Length ?? 4;
        return _copied > limits.MaxBytes
            ? new($"The copies become longer than {limits.MaxBytes} bytes.", IssueType.TooCostly)
            : Add(path, found?.DeepClone());
    }

    private JsonNode? Parent(JsonPointer path) => TryFind(new(path.Tokens[..^1]), out var parent) ? parent : null;

    private bool TryFind(JsonPointer path, out JsonNode? found)
    {
        found = Root;
        foreach (var token in path.Tokens)
        {
            if (found is JsonArray array && JsonPointer.Index(token) is { } index && index < array.Count)
            {
                found = array[index];
            }
            else if (found is not JsonObject json || !json.TryGetPropertyValue(token, out found))
            {
                return false;
            }
        }

        return true;
    }

    private static string? Text(JsonElement operation, string name) =>
        operation.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
