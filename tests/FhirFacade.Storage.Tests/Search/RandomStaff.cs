using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>Whatever lets staff and relatives reach patients, of few ids and few values, so that the same resources are written again and again with something else in them.</summary>
/// <param name="seed">Another one makes other resources.</param>
internal sealed class RandomStaff(int seed)
{
    /// <summary>How many there are of each.</summary>
    public const int Of = 4;

    /// <summary>The types that it makes, beside Organization.</summary>
    public static readonly string[] Types = ["CareTeam", "Encounter", "Patient", "PractitionerRole", "RelatedPerson"];

    private readonly Random random = new(seed);

    /// <summary>So many resources or fewer, each at most once.</summary>
    public List<(string Type, string Id, JsonElement Content)> Many(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Next()).DistinctBy(made => (made.Type, made.Id))];

    private (string Type, string Id, JsonElement Content) Next()
    {
        var (type, prefix, content) = random.Next(8) switch
        {
            0 or 1 => ("CareTeam", "team", Team()),
            2 or 3 => ("Encounter", "enc", Encounter()),
            4 => ("Patient", "pat", Patient()),
            5 => ("PractitionerRole", "role", Role()),
            6 => ("RelatedPerson", "rel", Relative()),
            _ => ("Organization", "org", new JsonObject { ["name"] = Pick("Clinic", "Hospital") }),
        };
        var id = prefix + random.Next(type is "CareTeam" or "Encounter" ? 3 * Of : Of);
        content["resourceType"] = type;
        content["id"] = id;
        foreach (var absent in content.Where(member => member.Value is null or JsonArray { Count: 0 }).Select(member => member.Key).ToList())
        {
            content.Remove(absent);
        }

        return (type, id, JsonSerializer.SerializeToElement(content));
    }

    private JsonObject Team() => new()
    {
        ["status"] = Chance(0.2) ? null : Pick("active", "active", "suspended", "inactive", "entered-in-error"),
        ["subject"] = Reference("Patient/pat"),
        ["participant"] = Several(() => new JsonObject { ["member"] = Member(), ["period"] = Chance(0.4) ? new JsonObject { ["end"] = Pick("2020", "2021-03", "2099", "2099-01-01T10:00:00Z") } : null }),
    };

    private JsonObject Encounter() => new()
    {
        ["status"] = Pick("finished", "in-progress", "cancelled", "entered-in-error"),
        ["class"] = new JsonObject { ["code"] = "AMB" },
        ["subject"] = Chance(0.1) ? null : Reference("Patient/pat"),
        ["participant"] = Several(() => new JsonObject { ["individual"] = Member() }),
        ["serviceProvider"] = Chance(0.4) ? Reference("Organization/org") : null,
    };

    private JsonObject Patient() => new()
    {
        ["generalPractitioner"] = Several(Member),
        ["managingOrganization"] = Chance(0.4) ? Reference("Organization/org") : null,
    };

    private JsonObject Role() => new()
    {
        ["active"] = Chance(0.3) ? Chance(0.5) : null,
        ["practitioner"] = Reference("Practitioner/doc"),
        ["organization"] = Chance(0.1) ? null : Reference("Organization/org"),
    };

    private JsonObject Relative() => new() { ["active"] = Chance(0.3) ? Chance(0.5) : null, ["patient"] = Reference("Patient/pat") };

    private JsonObject Member() => Chance(0.8) ? Reference("Practitioner/doc")
        : Chance(0.5) ? new JsonObject { ["reference"] = $"Practitioner/doc{random.Next(Of)}/_history/1" }
        : Reference("Organization/org");

    private JsonArray Several(Func<JsonObject> make)
    {
        var items = Enumerable.Range(0, random.Next(3)).Select(_ => make()).ToList();
        foreach (var item in items.Where(item => item["period"] is null))
        {
            item.Remove("period");
        }

        return new([.. items]);
    }

    private JsonObject Reference(string prefix) => new() { ["reference"] = prefix + random.Next(Of) };

    private string Pick(params string[] of) => of[random.Next(of.Length)];

    private bool Chance(double of) => random.NextDouble() < of;
}
