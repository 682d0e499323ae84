using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Fhir.Sensitivity;

/// <summary>
/// Which codes make a resource sensitive, compiled from value sets: a look-up of each coding in a table, and of the words in what a code is called, wherever in the resource it stands.
/// Immutable; safe for any number of threads.
/// </summary>
public sealed class SensitivityRules
{
    private const int MaxCategories = 64;
    private const int LongestOnStack = 256;

    // Which reading of the same value sets this build's is: whatever makes other labels of the same resource changes it.
    private const string Reading = "2";

    private static readonly string[] Files = ["genetics", "hiv", "mental-health", "reproductive-health", "sexually-transmitted", "substance-use", "violence"];

    // The object identifiers under which v2 and CDA know the code systems.
    private static readonly (string Oid, string System)[] Aliases =
    [
        ("2.16.840.1.113883.6.90", "http://hl7.org/fhir/sid/icd-10-cm"), ("2.16.840.1.113883.6.3", "http://hl7.org/fhir/sid/icd-10"),
        ("2.16.840.1.113883.6.103", "http://hl7.org/fhir/sid/icd-9-cm"), ("2.16.840.1.113883.6.96", "http://snomed.info/sct"),
        ("2.16.840.1.113883.6.1", "http://loinc.org"), ("2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    ];

    private static readonly Lazy<SensitivityRules> Loaded = new(() => new SensitivityRules([.. Files.Select(ReadBuiltIn)]));
    private static SensitivityRules? served;

    private readonly FrozenDictionary<string, CodeTable> tables;
    private readonly FrozenDictionary<string, CodeTable> excluded;
    private readonly SensitiveWords words;

    private SensitivityRules(ImmutableArray<(SensitiveCategory Category, JsonElement Json)> categories)
    {
        Categories = [.. categories.Select(item => item.Category)];
        Sources = categories;
        tables = Compile(set => set.Includes);
        excluded = Compile(set => set.Excludes);
        words = new SensitiveWords(categories.Select((item, i) => (item.Json, 1ul << i)));
        Fingerprint = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', categories.Select(item => item.Json.GetRawText()).Prepend(Reading)))));
    }

    /// <summary>The categories that are built in (<c>conformance/sensitivity</c>).</summary>
    public static SensitivityRules BuiltIn => Loaded.Value;

    /// <summary>What is in force in this process; <see cref="BuiltIn"/> until somebody says otherwise.</summary>
    public static SensitivityRules Served => Volatile.Read(ref served) ?? BuiltIn;

    /// <summary>The categories.</summary>
    public ImmutableArray<SensitiveCategory> Categories { get; }

    /// <summary>Equal where the rules are.</summary>
    public long Fingerprint { get; }

    private ImmutableArray<(SensitiveCategory Category, JsonElement Json)> Sources { get; }

    /// <summary>Puts rules in force for whatever is written from now on.</summary>
    public static void Serve(SensitivityRules rules) => Volatile.Write(ref served, rules);

    /// <summary>Whether resources of the type are labelled: a patient's, and medications; not who the patient is, and not what the patient has agreed to.</summary>
    public static bool IsLabelled(string type) =>
        type is "Medication" or "Bundle" || (PatientCompartment.Contains(type) && type is not ("Patient" or "RelatedPerson" or "Person" or "Group" or "Consent" or "AuditEvent"));

    /// <summary>These rules and those of more value sets; one of a name that is known takes the place of the former.</summary>
    /// <exception cref="FormatException">A value set cannot be used; the message says why.</exception>
    public SensitivityRules With(IEnumerable<JsonElement> valueSets)
    {
        var more = valueSets.Select(Read).ToList();
        ImmutableArray<(SensitiveCategory Category, JsonElement Json)> all = [.. Sources.Where(one => !more.Exists(other => other.Category.Name == one.Category.Name)), .. more];
        return all.Length <= MaxCategories ? new SensitivityRules(all) : throw new FormatException($"there are more than {MaxCategories} sensitive categories");
    }

    /// <summary>
    /// These rules and those of value sets that clients have stored: they add categories and codes, and take no category's place, so that nobody gets rid of a label by writing one. What cannot be
    /// used is left out.
    /// </summary>
    public SensitivityRules And(IEnumerable<JsonElement> valueSets)
    {
        ImmutableArray<(SensitiveCategory Category, JsonElement Json)> all = [.. Sources, .. valueSets.Select(Usable).OfType<(SensitiveCategory, JsonElement)>().Take(MaxCategories - Sources.Length)];
        return all.Length == Sources.Length ? this : new SensitivityRules(all);

        static (SensitiveCategory, JsonElement)? Usable(JsonElement json)
        {
            try
            {
                return Read(json);
            }
            catch (FormatException)
            {
                return null;
            }
        }
    }

    /// <summary>Why a value set that says which labels it stands for cannot be used; null for one that can, or that says no such thing.</summary>
    public static string? Problem(JsonElement valueSet)
    {
        if (valueSet.Text("resourceType") != "ValueSet" || !IsOfLabels(valueSet))
        {
            return null;
        }

        try
        {
            Read(valueSet);
            _ = BuiltIn.With([valueSet]);
            return null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException)
        {
            return e.Message;
        }
    }

    // As is_label_value_set in the database says it.
    private static bool IsOfLabels(JsonElement json) => json.Text("status") == "active"
        && json.Items("useContext").Where(use => use.Part("code").Text("code") == "focus").SelectMany(use => use.Part("valueCodeableConcept").Items("coding")).Any(coding => coding.Text("system") == SecurityLabel.ActCode);

    /// <summary>The labels that a resource has to have by what it says itself: categories, and the highest confidentiality of them.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="resource">Labels that it has do not count.</param>
    public ImmutableArray<SecurityLabel> LabelsOf(string type, JsonElement resource)
    {
        if (!IsLabelled(type) || resource.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var found = 0ul;
        foreach (var property in resource.EnumerateObject())
        {
            if (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array && !property.NameEquals("meta"u8) && !property.NameEquals("text"u8))
            {
                found |= Find(property.Value, IsOfCodes(property));
            }
        }

        var declared = type == "DocumentReference" ? SecurityLabels.DeclaredBy(resource) : [];
        return found == 0 && declared.IsEmpty ? [] : Highest(Categories.Where((_, i) => (found & (1ul << i)) != 0).SelectMany(category => category.Labels).Concat(declared));
    }

    /// <summary>The same labels once each, with only the highest confidentiality, in a fixed order.</summary>
    public static ImmutableArray<SecurityLabel> Highest(IEnumerable<SecurityLabel> labels)
    {
        var all = labels.Distinct().ToList();
        var top = all.Count == 0 ? -1 : all.Max(label => label.Rank);
        return [.. all.Where(label => label.Rank < 0 || label.Rank == top).OrderByDescending(label => label.Rank).ThenBy(label => label.System, StringComparer.Ordinal).ThenBy(label => label.Code, StringComparer.Ordinal)];
    }

    // Notes are free text, and names and addresses are somebody's.
    private static bool IsOfCodes(JsonProperty property) => !property.NameEquals("note"u8) && !property.NameEquals("name"u8) && !property.NameEquals("address"u8);

    private ulong Find(JsonElement element, bool isOfCodes)
    {
        var found = 0ul;
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                if (item.ValueKind is JsonValueKind.Object)
                {
                    found |= Find(item, isOfCodes);
                }
            }

            return found;
        }

        JsonElement system = default, code = default, text = default, display = default;
        var isOfSomebody = false;
        foreach (var property in element.EnumerateObject())
        {
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Object or JsonValueKind.Array:
                    found |= Find(property.Value, isOfCodes && IsOfCodes(property));
                    break;
                case JsonValueKind.String when property.NameEquals("system"u8):
                    system = property.Value;
                    break;
                case JsonValueKind.String when property.NameEquals("code"u8):
                    code = property.Value;
                    break;
                case JsonValueKind.String when property.NameEquals("text"u8):
                    text = property.Value;
                    break;
                case JsonValueKind.String when property.NameEquals("display"u8):
                    display = property.Value;
                    break;
                case JsonValueKind.String when property.NameEquals("reference"u8):
                    isOfSomebody = IsOfSomebody(property.Value);
                    break;
            }
        }

        if (isOfCodes && !isOfSomebody)
        {
            found |= Named(text) | Named(display);
        }

        return system.ValueKind == JsonValueKind.String && code.ValueKind == JsonValueKind.String ? found | Of(system, code) : found;
    }

    // What a reference to a person displays is a name.
    private static bool IsOfSomebody(JsonElement reference)
    {
        var raw = JsonMarshal.GetRawUtf8Value(reference);
        return raw.IndexOf("Patient/"u8) >= 0 || raw.IndexOf("Practitioner/"u8) >= 0 || raw.IndexOf("PractitionerRole/"u8) >= 0 || raw.IndexOf("Person/"u8) >= 0;
    }

    private ulong Named(JsonElement text) => text.ValueKind == JsonValueKind.String ? words.In(Text(text, stackalloc char[LongestOnStack])) : 0;

    private ulong Of(JsonElement system, JsonElement code)
    {
        Span<char> buffer = stackalloc char[LongestOnStack];
        if (!tables.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(Text(system, buffer), out var table))
        {
            return 0;
        }

        var found = table.Of(Text(code, buffer).Trim());
        return found == 0 || !excluded.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(Text(system, buffer), out var not) ? found : found & ~not.Of(Text(code, buffer).Trim());
    }

    // Codes and systems are short and plain; then no string is made of them.
    private static ReadOnlySpan<char> Text(JsonElement text, Span<char> buffer)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        return raw.Length <= buffer.Length && !raw.Contains((byte)'\\') ? buffer[..Encoding.UTF8.GetChars(raw, buffer)] : text.GetString();
    }

    private FrozenDictionary<string, CodeTable> Compile(Func<ValueSet, ImmutableArray<ValueSetPart>> side)
    {
        var bySystem = Categories.SelectMany((category, i) => side(category.Codes).Where(part => part.System is not null).Select(part => (Part: part, Category: 1ul << i)))
            .GroupBy(item => item.Part.System!, StringComparer.Ordinal).ToDictionary(group => group.Key, group => new CodeTable(group.Key, group), StringComparer.Ordinal);
        foreach (var (oid, system) in Aliases)
        {
            if (bySystem.TryGetValue(system, out var table))
            {
                bySystem["urn:oid:" + oid] = table;
            }
        }

        return bySystem.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static (SensitiveCategory Category, JsonElement Json) ReadBuiltIn(string name)
    {
        using var stream = DefinitionFiles.Open(name + ".json", "sensitivity");
        using var document = JsonDocument.Parse(stream);
        return Read(document.RootElement);
    }

    private static (SensitiveCategory Category, JsonElement Json) Read(JsonElement json)
    {
        var set = ValueSet.Read(json);
        var name = json.Text("name");
        ImmutableArray<SecurityLabel> labels =
        [
            .. json.Items("useContext").Where(use => use.Part("code").Text("code") == "focus").SelectMany(use => use.Part("valueCodeableConcept").Items("coding"))
                .Where(coding => coding.Text("system") is not null && coding.Text("code") is not null).Select(coding => new SecurityLabel(coding.Text("system")!, coding.Text("code")!)),
        ];
        return set is null || string.IsNullOrEmpty(name) ? throw new FormatException("a value set of a sensitive category needs a url and a name")
            : !labels.Any(label => label.Rank < 0) ? throw new FormatException($"the value set {name} does not say in useContext (code focus) which labels it stands for")
            : set.Includes.Concat(set.Excludes).Any(part => part.System is null || !part.ValueSets.IsEmpty) ? throw new FormatException($"the value set {name} is to list codes and filters of code systems, and no other value sets")
            : (new SensitiveCategory(name, set, labels), json.Clone());
    }
}
