namespace FhirFacade.Fhir.Definitions;

/// <summary>The files of <c>conformance/r4</c>, or another folder of conformance, as they are built into this assembly; conformance/README.md has their formats.</summary>
public static class DefinitionFiles
{
    /// <summary>Opens a file such as <c>search-parameters.jsonl</c>.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Stream Open(string name, string folder = "r4") =>
        typeof(DefinitionFiles).Assembly.GetManifestResourceStream($"{folder}/{name}")
        ?? throw new ArgumentException($"No definition file {name} is built in.", nameof(name));

    /// <summary>The lines of a file, without their ends.</summary>
    public static IEnumerable<string> Lines(string name, string folder = "r4")
    {
        using var reader = new StreamReader(Open(name, folder));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
