using System.Text.Json;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Translation.Codes;

namespace FhirFacade.Translation.Profiles;

/// <summary>
/// Reads what local codes are elsewhere: a FHIR ConceptMap as JSON, or a CSV file <c>system,code,target_system,target_code,target_display</c>.
/// Systems may be named as v2 names them (LN), or by URI.
/// </summary>
internal static class ConceptMapReader
{
    private static readonly string[] Columns = ["system", "code", "target_system", "target_code", "target_display"];

    // Says that there is no such code there.
    private static readonly string[] NoMatch = ["unmatched", "disjoint"];
    private static readonly string[] Closest = ["equal", "equivalent", "equals"];

    /// <summary>(system, code), its targets.</summary>
    /// <exception cref="InvalidProfileException">It is neither.</exception>
    public static IEnumerable<((string? System, string Code) From, CodeTarget To)> Read(ProfileFile file, SystemUris systems) =>
        file.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? Json(file, systems) : Csv(file, systems);

    private static IEnumerable<((string? System, string Code) From, CodeTarget To)> Csv(ProfileFile file, SystemUris systems)
    {
        foreach (var (cells, line) in CsvRows.Read(file, Columns))
        {
            string Cell(string column) => cells.TryGetValue(column, out var cell) ? cell : throw new InvalidProfileException(file.Name, line, $"the column '{column}' is empty");

            var target = new CodeTarget(Cell("target_code"), cells.GetValueOrDefault("target_display"), systems.OfCodeSystem(Cell("target_system")));
            yield return ((systems.OfCodeSystem(cells.GetValueOrDefault("system")), Cell("code")), target);
        }
    }

    private static IEnumerable<((string? System, string Code) From, CodeTarget To)> Json(ProfileFile file, SystemUris systems)
    {
        ConceptMap? map;
        try
        {
            using var document = JsonDocument.Parse(file.Content);
            map = document.RootElement.TryGetProperty("resourceType", out var type) && type.ValueEquals("ConceptMap") ? ConceptMap.Read(document.RootElement) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidProfileException(file.Name, (int)((error as JsonException)?.LineNumber + 1 ?? 0), "this is no JSON object");
        }

        if (map is null)
        {
            throw new InvalidProfileException(file.Name, 0, "this is no ConceptMap with a url");
        }

        foreach (var group in map.Groups)
        {
            if (group.Target is null)
            {
                throw new InvalidProfileException(file.Name, 0, "a group has no target system");
            }

            foreach (var (code, targets) in group.Elements.OrderBy(static e => e.Key, StringComparer.Ordinal))
            {
                foreach (var target in targets.Where(static t => t.Code is not null && !NoMatch.Contains(t.Equivalence)).OrderBy(static t => !Closest.Contains(t.Equivalence)))
                {
                    yield return ((systems.OfCodeSystem(group.Source), code), new CodeTarget(target.Code, target.Display, systems.OfCodeSystem(group.Target)));
                }
            }
        }
    }
}
