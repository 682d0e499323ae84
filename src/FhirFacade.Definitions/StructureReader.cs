using System.Text.Json;

namespace FhirFacade.Definitions;

/// <summary>
/// Reads the structures of R4 out of the package. The package's profiles carry elements that R4 does not have (of its
/// makers' own server, or from later releases) and lack some that R4 has; its data elements are R4's own. So a leaf stays
/// only if there is a data element of its path, an element with parts only if its <c>id</c> has one, a data element wins over
/// the profile, and one that the profile lacks is put back. What the data elements cannot show is named in <see cref="AddedConstraints"/>.
/// </summary>
internal static class StructureReader
{
    private const string Release = "4.0.1";
    private const int MaxId = 64;

    /// <summary>Constraints that R4 does not have.</summary>
    public static IReadOnlySet<string> AddedConstraints { get; } = new HashSet<string>(StringComparer.Ordinal) { "evv-1" };

    public static IReadOnlyList<Structure> Read(string folder)
    {
        var dataElements = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in BundleFile.Read(folder, "dataelements.json", "StructureDefinition"))
        {
            var root = resource.GetProperty("snapshot").GetProperty("element")[0];
            dataElements.TryAdd(root.Text("path")!, root);
            ids.Add(resource.Text("id")!);
        }

        return [.. BundleFile.Read(folder, "profiles-types.json", "StructureDefinition")
            .Concat(BundleFile.Read(folder, "profiles-resources.json", "StructureDefinition"))
            .Where(resource => resource.Text("derivation") != "constraint" && resource.Text("kind") != "logical" && resource.Text("fhirVersion") == Release)
            .Select(resource => ToStructure(resource, dataElements, ids))
            .OrderBy(structure => structure.Name, StringComparer.Ordinal)];
    }

    private static Structure ToStructure(JsonElement resource, Dictionary<string, JsonElement> dataElements, HashSet<string> ids)
    {
        var name = resource.Text("type")!;
        var snapshot = resource.GetProperty("snapshot").Items("element").ToList();
        var own = snapshot.Skip(1).Where(IsOwn).ToList();
        if (resource.Text("kind") == "primitive-type")
        {
            own.Clear();
        }
        else
        {
            DropAdded(own, resource.Text("kind") == "resource", dataElements, ids);
            PutBack(own, name, snapshot, dataElements);
        }

        return new Structure(
            name,
            resource.Text("url")!,
            resource.Text("kind")!,
            resource.Text("baseDefinition") is { } url ? JsonReading.LastPart(url) : null,
            resource.Flag("abstract"),
            snapshot[0],
            [.. own.Select(element => dataElements.GetValueOrDefault(element.Text("path")!, element))]);
    }

    private static bool IsOwn(JsonElement element) => element.GetProperty("base").Text("path") == element.Text("path");

    private static void DropAdded(List<JsonElement> own, bool isResource, Dictionary<string, JsonElement> dataElements, HashSet<string> ids)
    {
        var added = own.Where(element => HasParts(element)
                ? isResource && !IsKnown(element.Text("path") + ".id")
                : !element.TryGetProperty("contentReference", out _) && !IsKnown(element.Text("path")!))
            .Select(element => element.Text("path")!).ToList();
        own.RemoveAll(element => added.Any(path => element.Text("path") == path || element.Text("path")!.StartsWith(path + ".", StringComparison.Ordinal)));

        // Abstract types have no data elements; ids are cut at 64 characters, so that of several only one is there.
        bool IsKnown(string path) =>
            dataElements.ContainsKey(path)
            || path.Split('.')[0] is "Element" or "BackboneElement" or "Resource" or "DomainResource"
            || (Id(path).Length > MaxId && ids.Contains(Id(path)[..MaxId]));

        static string Id(string path) => "de-" + path.Replace("[x]", "X", StringComparison.Ordinal);
    }

    private static void PutBack(List<JsonElement> own, string name, List<JsonElement> snapshot, Dictionary<string, JsonElement> dataElements)
    {
        var present = snapshot.Select(element => element.Text("path")!).ToHashSet(StringComparer.Ordinal);
        var previous = "";
        foreach (var (path, element) in dataElements)
        {
            if (path.StartsWith(name + ".", StringComparison.Ordinal))
            {
                if (present.Add(path))
                {
                    var sibling = own.FindIndex(other => other.Text("path") == previous);
                    own.Insert(sibling < 0 ? throw new InvalidDataException(path + " has no place") : sibling + 1, element);
                }

                previous = path;
            }
        }
    }

    private static bool HasParts(JsonElement element) => element.Items("type").Any(type => type.Text("code") is "BackboneElement" or "Element");
}
