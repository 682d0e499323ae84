using FhirFacade.Fhir.Definitions;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.Profiles;

/// <summary>What the path of a row is in FHIR.</summary>
public static class TargetPath
{
    /// <summary>The type of the element at a path as the tables write it, such as <c>HumanName</c>; null if a resource has no such element.</summary>
    /// <param name="resource">A resource type, or a data type.</param>
    /// <param name="path">Such as <c>name[].family</c>.</param>
    public static string? TypeOf(string resource, string path) => Walk(resource, path, out _);

    /// <summary>Null if rows of the table may write to the path; else why not. Maps onto what is no type of FHIR are not judged.</summary>
    internal static string? Problem(string table, string path)
    {
        var resource = table.Split('-').ElementAtOrDefault(1) ?? "";
        if (path == "$this" || R4.Definitions.Type(resource) is not { } type || type.Kind is TypeKind.Primitive || resource == "Annotation")
        {
            return null;
        }

        Walk(resource, path, out var problem);
        return problem;
    }

    private static string? Walk(string resource, string path, out string? problem)
    {
        problem = null;
        var type = R4.Definitions.Type(resource);
        var name = resource;
        foreach (var step in TargetNodes.Steps(path))
        {
            var (element, label, url) = TargetNodes.Parse(step);
            if (type is null || !type.TryMatch(element.TrimStart('_'), out var match))
            {
                problem = $"there is no {element} in {name}";
                return null;
            }

            if ((label is not null || url is not null) != match.Element.IsArray)
            {
                problem = match.Element.IsArray ? $"{element} is a list: write {element}[]" : $"{element} is no list";
                return null;
            }

            name = element[0] == '_' ? "Element" : match.TypeName;
            type = R4.Definitions.Type(name) ?? type;
        }

        return name;
    }
}
