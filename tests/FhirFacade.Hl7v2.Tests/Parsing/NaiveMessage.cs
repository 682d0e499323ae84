using System.Text;

namespace FhirFacade.Hl7v2.Tests.Parsing;

/// <summary>The same message taken apart by splitting strings: slow, and simple enough to be believed.</summary>
internal static class NaiveMessage
{
    /// <summary>Coordinates and raw texts of everything that has a text, Latin-1.</summary>
    public static IEnumerable<(string Location, string Raw)> Leaves(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var (field, component, repetition, subcomponent) = (text[3], text[4], text[5], text[7]);
        var ordinals = new Dictionary<string, int>();
        foreach (var line in text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(field);
            var name = fields[0];
            var ordinal = ordinals[name] = ordinals.GetValueOrDefault(name) + 1;
            var place = ordinal == 1 ? name : $"{name}({ordinal})";
            var first = 1;
            if (name == "MSH")
            {
                yield return ($"{place}-1", field.ToString());
                yield return ($"{place}-2", fields[1]);
                fields = [name, .. fields];
                first = 3;
            }

            for (var f = first; f < fields.Length; f++)
            {
                var repetitions = fields[f].Split(repetition);
                for (var r = 0; r < repetitions.Length; r++)
                {
                    var at = r == 0 ? $"{place}-{f}" : $"{place}-{f}({r + 1})";
                    var components = repetitions[r].Split(component);
                    for (var c = 0; c < components.Length; c++)
                    {
                        var parts = components[c].Split(subcomponent);
                        for (var s = 0; s < parts.Length; s++)
                        {
                            if (parts[s].Length > 0)
                            {
                                yield return ($"{at}.{c + 1}.{s + 1}", parts[s]);
                            }
                        }
                    }
                }
            }
        }
    }
}
