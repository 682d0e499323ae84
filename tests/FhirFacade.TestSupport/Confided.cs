using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.TestSupport;

/// <summary>
/// What tests have told servers of people, in resources and messages: names, dates of birth, addresses, telephones, identifiers, texts of results and notes. A word counts if the
/// product's own source does not say it, and if it is long or strange enough to be nothing else.
/// </summary>
public static partial class Confided
{
    private const int LargestText = 1 << 20;

    private static readonly ConcurrentDictionary<string, bool> words = new(StringComparer.Ordinal);
    private static readonly Lazy<FrozenSet<string>> ordinary = new(SourceWords);

    private static readonly FrozenSet<string> personal = FrozenSet.Create(
        "family", "given", "line", "city", "district", "postalCode", "birthDate", "text", "div", "valueString", "conclusion", "comment", "patientInstruction");

    // HL7 v2: who it is and whom they belong to, what was found and noted.
    private static readonly FrozenDictionary<string, int[]> fields = new Dictionary<string, int[]>
    {
        ["PID"] = [2, 3, 4, 5, 6, 7, 9, 11, 13, 14, 18, 19, 23], ["NK1"] = [2, 4, 5, 6], ["GT1"] = [3, 5, 6], ["IN1"] = [16, 18, 19, 36], ["OBX"] = [5], ["NTE"] = [3], ["DG1"] = [4], ["AL1"] = [5],
    }.ToFrozenDictionary();

    /// <summary>How many words there are.</summary>
    public static int Count => words.Count;

    /// <summary>Takes note of a FHIR document in JSON, or of HL7 v2 messages; anything else says nothing of people.</summary>
    public static void Note(string? text)
    {
        if (text is null || text.Length is < 2 or > LargestText)
        {
            return;
        }

        if (text[0] is '{' or '[')
        {
            try
            {
                using var document = JsonDocument.Parse(text);
                Note(document.RootElement, "", "");
            }
            catch (Exception broken) when (broken is JsonException or InvalidOperationException)
            {
                // What is no JSON, or has half a character for a name, tells of people by no element.
            }
        }
        else if (text.Contains("MSH|", StringComparison.Ordinal))
        {
            foreach (var segment in text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
            {
                var values = segment.Split('|');
                foreach (var field in fields.GetValueOrDefault(values[0], []).Where(field => field < values.Length))
                {
                    Add(IsIdentifier(values[0], field) ? string.Join(' ', values[field].Split('~').Select(repetition => repetition.Split('^')[0])) : values[field]);
                }
            }
        }
    }

    /// <summary>The first such word in a text; null for none.</summary>
    public static string? In(string? text) =>
        text is null || words.IsEmpty ? null : Word().Matches(text).Select(match => match.Value).FirstOrDefault(words.ContainsKey);

    private static void Note(JsonElement json, string name, string parent)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in json.EnumerateObject())
                {
                    Note(property.Value, property.Name, name);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    Note(item, name, parent);
                }

                break;
            case JsonValueKind.String when personal.Contains(name) || (name == "value" && parent is "identifier" or "telecom"):
                Add(json.GetString()!);
                break;
        }
    }

    // Who has given an identifier is nobody's secret: it stands in acknowledgements, too.
    private static bool IsIdentifier(string segment, int field) => (segment, field) is ("PID", 2 or 3 or 4 or 18 or 19) or ("IN1", 36);

    private static void Add(string text)
    {
        foreach (var word in Word().Matches(text).Select(match => match.Value).Where(IsUnlikely))
        {
            words.TryAdd(word, true);
        }
    }

    // A name has a capital, and a date or number is a long one. What begins like a resource is a path in one.
    private static bool IsUnlikely(string word) => !R4.Definitions.IsResourceType(word.Split('.')[0]) &&
        (word.Any(char.IsLetter) ? word.Length >= 5 && word.Any(letter => char.IsUpper(letter) || letter > '~') : word.Length >= 8) && !ordinary.Value.Contains(word);

    private static FrozenSet<string> SourceWords() =>
        Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "src"), "*.cs", SearchOption.AllDirectories).SelectMany(file => Word().Matches(File.ReadAllText(file)).Select(match => match.Value)).ToFrozenSet(StringComparer.Ordinal);

    [GeneratedRegex(@"[\p{L}\p{N}](?:[\p{L}\p{N}]|[-'@.](?=[\p{L}\p{N}]))*")]
    private static partial Regex Word();
}
