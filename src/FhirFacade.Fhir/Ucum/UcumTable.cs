using System.Collections.Frozen;

namespace FhirFacade.Fhir.Ucum;

/// <summary>The atoms and prefixes of conformance/ucum. A unit's definition is read when it is first met.</summary>
internal static class UcumTable
{
    private static readonly Lazy<FrozenDictionary<string, UcumAtom>> LoadedAtoms = new(() =>
        Rows("units.csv").Select(columns => new UcumAtom(columns)).ToFrozenDictionary(atom => atom.Code, StringComparer.Ordinal));

    private static readonly Lazy<(string Code, Rational Value)[]> LoadedPrefixes = new(() =>
        [.. Rows("prefixes.csv").Select(columns => (columns[0], Rational.Parse(columns[1])))]);

    public static IEnumerable<UcumAtom> Atoms => LoadedAtoms.Value.Values;

    /// <summary>A unit without exponent, with or without a prefix; null where there is none such.</summary>
    public static Measure? Find(string symbol)
    {
        var atoms = LoadedAtoms.Value;
        if (atoms.TryGetValue(symbol, out var atom))
        {
            return atom.Measure;
        }

        foreach (var (code, value) in LoadedPrefixes.Value)
        {
            if (symbol.StartsWith(code, StringComparison.Ordinal) && atoms.TryGetValue(symbol[code.Length..], out atom) && atom.IsMetric)
            {
                var measure = atom.Measure;
                return measure.Scale is null
                    ? measure with { Factor = measure.Factor * value }
                    : measure with { Step = measure.Step * value };
            }
        }

        return null;
    }

    private static IEnumerable<string[]> Rows(string file)
    {
        using var reader = new StreamReader(typeof(UcumTable).Assembly.GetManifestResourceStream("ucum/" + file)!);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return line.Split(',');
        }
    }
}
