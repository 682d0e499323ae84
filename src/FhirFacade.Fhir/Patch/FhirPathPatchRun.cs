using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Patch;

/// <summary>A resource while the operations of a FHIRPath Patch are applied to it. A failure leaves it half changed.</summary>
internal sealed class FhirPathPatchRun(JsonObject root, ResourceLimits limits, FhirPathContext? context)
{
    // Each operation reads the resource anew.
    private const long MaxRead = 256L << 20;
    private static readonly TypeDefinition Element = R4.Definitions.Type("Element")!;
    private long _read;

    public JsonObject Root { get; } = root;

    /// <summary>Whether the resource has become nested deeper than is taken.</summary>
    public bool IsTooDeep
    {
        get
        {
            var budget = long.MaxValue;
            return JsonNodes.Depth(Root, ref budget) > limits.MaxDepth;
        }
    }

    public PatchFailure? Apply(PatchOperation operation)
    {
        if (!operation.IsOperation)
        {
            return new("Each parameter of a patch is named operation.", IssueType.Structure);
        }

        if (operation.Path is not { } path)
        {
            return new("The operation has no path.", IssueType.Required);
        }

        try
        {
            return operation.Type switch
            {
                "add" => Add(path, operation),
                "insert" => Insert(path, operation),
                "delete" => Delete(path),
                "replace" => Replace(path, operation),
                "move" => Move(path, operation),
                null => new("The operation has no type.", IssueType.Required),
                _ => new("The type of an operation is add, insert, delete, replace or move.", IssueType.NotSupported),
            };
        }
        catch (FhirPathSyntaxException exception)
        {
            return new($"Its path is not FHIRPath: {exception.Message}");
        }
        catch (FhirPathEvaluationException exception)
        {
            return new($"Its path has no result: {exception.Message}");
        }
    }

    private PatchFailure? Add(string path, PatchOperation operation)
    {
        if (operation.Name is not { } name)
        {
            return new("The operation has no name.", IssueType.Required);
        }

        var (place, failure) = Single(path);
        if (place is null)
        {
            return failure ?? new("Its path selects nothing to add to.", IssueType.NotFound);
        }

        var isPrimitive = place.Type.Kind == TypeKind.Primitive;
        var (value, broken) = PatchValue.Read(operation.Value, isPrimitive ? Element : place.Type, name);
        return broken ?? (isPrimitive ? Extend(place, value!) : ElementValues.Add(place.Json!, value!));
    }

    /// <summary>Adds to the id and extensions of a primitive.</summary>
    private static PatchFailure? Extend(PatchPlace place, PatchValue value)
    {
        var isArray = place.Match!.Element.IsArray;
        var values = ElementValues.Take(place.Owner!, place.JsonName);
        var shadow = values.ShadowAt(place.Index);
        var failure = ElementValues.Add(shadow, value);
        values.Put(place.Owner!, place.JsonName, isArray);
        return failure;
    }

    private PatchFailure? Insert(string path, PatchOperation operation)
    {
        var (owner, type, name, failure) = List(path);
        if (failure is not null)
        {
            return failure;
        }

        if (operation.Index is not { } index || index < 0 || index > ElementValues.CountOf(owner!, name))
        {
            return new("Its index is not a place in the list.", IssueType.Value);
        }

        var (value, broken) = PatchValue.Read(operation.Value, type!, name);
        if (broken is not null)
        {
            return broken;
        }

        var values = ElementValues.Take(owner!, name);
        values.Insert(index, value!.Value, value.Shadow);
        values.Put(owner!, name, isArray: true);
        return null;
    }

    private PatchFailure? Delete(string path)
    {
        var (place, failure) = Single(path);
        if (place is null)
        {
            return failure;
        }

        if (place.Owner is not { } owner)
        {
            return new("A patch does not delete the resource.");
        }

        var values = ElementValues.Take(owner, place.JsonName);
        values.RemoveAt(place.Index);
        values.Put(owner, place.JsonName, place.Match!.Element.IsArray);
        ElementValues.Prune(owner);
        return null;
    }

    private PatchFailure? Replace(string path, PatchOperation operation)
    {
        var (place, failure) = Single(path);
        if (place is null)
        {
            return failure ?? new("Its path selects nothing to replace.", IssueType.NotFound);
        }

        if (place.Owner is not { } owner)
        {
            return new("A patch does not replace the resource.");
        }

        var (value, broken) = PatchValue.Read(operation.Value, place.OwnerType!, place.Match!.Element.Name);
        if (broken is not null)
        {
            return broken;
        }

        var values = ElementValues.Take(owner, place.JsonName);
        values.RemoveAt(place.Index);
        values.Insert(place.Index, value!.Value, value.Shadow);
        values.Put(owner, value.JsonName, place.Match.Element.IsArray);
        return null;
    }

    private PatchFailure? Move(string path, PatchOperation operation)
    {
        var (owner, _, name, failure) = List(path);
        if (failure is not null)
        {
            return failure;
        }

        var count = ElementValues.CountOf(owner!, name);
        if (operation.Source is not { } source || operation.Destination is not { } destination
            || source < 0 || source >= count || destination < 0 || destination >= count)
        {
            return new("Its source and destination are not places in the list.", IssueType.Value);
        }

        var values = ElementValues.Take(owner!, name);
        values.Move(source, destination);
        values.Put(owner!, name, isArray: true);
        return null;
    }

    /// <summary>The one element that a path selects; neither place nor failure where it selects none.</summary>
    private (PatchPlace? Place, PatchFailure? Failure) Single(string path)
    {
        var (places, failure) = Select(path);
        return places is null ? (null, failure)
            : places.Count > 1 ? (null, new("Its path selects more than one element.", IssueType.MultipleMatches))
            : (places.Count == 1 ? places[0] : null, null);
    }

    /// <summary>The list that a path selects whole: its owner, the owner's type, and its JSON name.</summary>
    private (JsonObject? Owner, TypeDefinition? Type, string Name, PatchFailure? Failure) List(string path)
    {
        var (places, failure) = Select(path);
        if (places is null)
        {
            return (null, null, "", failure);
        }

        if (places.Count == 0)
        {
            return EmptyList(path);
        }

        var first = places[0];
        return first.Match is { Element.IsArray: true }
            && places.TrueForAll(place => ReferenceEquals(place.Owner, first.Owner) && ReferenceEquals(place.Match, first.Match))
            && places.Count == ElementValues.CountOf(first.Owner!, first.JsonName)
                ? (first.Owner, first.OwnerType, first.JsonName, null)
                : (null, null, "", new("Its path does not select one list, and all of it."));
    }

    /// <summary>A list without items yet: the element that the path without its last name selects has room for it.</summary>
    private (JsonObject? Owner, TypeDefinition? Type, string Name, PatchFailure? Failure) EmptyList(string path)
    {
        var dot = path.LastIndexOf('.');
        var name = path[(dot + 1)..].Trim();
        if (dot > 0 && name.Length > 0 && name.All(char.IsAsciiLetterOrDigit)
            && Single(path[..dot]).Place is { Json: { } owner, Type: var type }
            && type.Element(name) is { IsArray: true, IsChoice: false })
        {
            return (owner, type, name, null);
        }

        return (null, null, "", new("Its path selects no list.", IssueType.NotFound));
    }

    private (List<PatchPlace>? Places, PatchFailure? Failure) Select(string path)
    {
        if (IsTooDeep)
        {
            return (null, new($"Objects and arrays become nested deeper than {limits.MaxDepth} levels.", IssueType.TooCostly));
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(Root);
        _read += bytes.Length;
        if (bytes.Length > limits.MaxBytes || _read > MaxRead)
        {
            return (null, new("The resource, or the patch for one of its size, is longer than this server takes.", IssueType.TooCostly));
        }

        using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = limits.MaxDepth });
        var places = new PatchTree(document.RootElement, Root).Select(FhirPathExpression.Compile(path), context);
        return (places, places is null ? new("Its path selects what is no element of the resource.") : null);
    }
}
