using System.Diagnostics.CodeAnalysis;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Access;

/// <summary>The path of an element of a resource, such as <c>Patient.contact.name</c>, as masks name it.</summary>
public static class ElementPath
{
    /// <summary>
    /// The path in the names of the definitions (<c>Observation.value</c> for <c>Observation.value[x]</c> and <c>Observation.valueString</c>); null
    /// for what is no element of an R4 resource, and for <c>id</c>, <c>meta</c> and the like, without which a resource is none.
    /// </summary>
    public static string? Normal(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return TryResolve(path, out var names, out _) ? string.Join('.', names) : null;
    }

    /// <summary>
    /// The names of the path; and the innermost type with a name of its own (<c>Patient.contact</c>) with the rest of the path inside of it: such a type may
    /// be part of itself, and what is hidden in it is hidden at every depth.
    /// </summary>
    internal static bool TryResolve(string path, [NotNullWhen(true)] out string[]? names, out (string Type, string[] Inner) owner)
    {
        (names, owner) = (null, default);
        var parts = path.Split('.');
        if (parts.Length < 2 || !R4.Definitions.IsResourceType(parts[0]))
        {
            return false;
        }

        var type = R4.Definitions.Type(parts[0]);
        var resolved = new List<string> { parts[0] };
        var (inner, from) = (parts[0], 1);
        for (var i = 1; i < parts.Length; i++)
        {
            var name = parts[i].EndsWith("[x]", StringComparison.Ordinal) ? parts[i][..^3] : parts[i];
            if (type?.Element(name) is not { } element || (i == 1 && element.Name is "id" or "meta" or "implicitRules" or "language"))
            {
                return false;
            }

            resolved.Add(element.Name);
            type = element.IsChoice || i == parts.Length - 1 ? null : R4.Definitions.Type(element.Types[0]);
            if (type is { Name: var named } && named.Contains('.', StringComparison.Ordinal))
            {
                (inner, from) = (named, i + 1);
            }
        }

        names = [.. resolved];
        owner = (inner, names[from..]);
        return true;
    }
}
