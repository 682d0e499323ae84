using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>
/// Resources of a few patients, made from few words so that searches find something, and full of references that lead from one
/// patient to another.
/// </summary>
/// <param name="seed">Another one makes other resources.</param>
/// <param name="staffed">Whether there are labels, and teams, posts and relatives that open patients to users.</param>
internal sealed class RandomHospital(int seed, bool staffed = false)
{
    private const int Patients = 6;
    private const string Loinc = "http://loinc.org";

    private static readonly string[] Families = ["Müller", "Mueller", "O'Brien", "van Aken", "Aken-Meier", "Meier", "Nguyễn"];
    private static readonly string[] Givens = ["Anna", "Annabel", "Bernd", "José María", "Jo"];
    private static readonly string[] Codes = ["718-7", "8867-4", "2345-7", "A1c"];
    private static readonly string[] Categories = ["laboratory", "vital-signs", "social-history"];
    private static readonly string[] Statuses = ["final", "preliminary", "amended"];
    private static readonly string[] Units = ["mg/dL", "g/dL", "/min"];

    private readonly Random random = new(seed);
    private readonly List<(string Type, string Id)> made = [];

    public IEnumerable<JsonElement> Resources()
    {
        foreach (var resource in Directory().Concat(Many(Patients, Patient)).Concat(Many(staffed ? 4 : 0, Relative)).Concat(Many(12, Encounter)).Concat(Many(staffed ? 5 : 0, Team)).Concat(Many(60, Observation))
            .Concat(Many(12, Report)).Concat(Many(12, Condition)).Concat(Many(12, Provenance)).Concat(Many(6, Risk)).Concat(Many(6, Appointment)).Concat(Many(3, MessageHeader)))
        {
            made.Add(((string)resource["resourceType"]!, (string)resource["id"]!));
            yield return JsonSerializer.SerializeToElement(resource);
        }
    }

    private IEnumerable<JsonObject> Directory()
    {
        for (var i = 0; i < 5; i++)
        {
            yield return new JsonObject { ["resourceType"] = "Organization", ["id"] = $"org{i}", ["name"] = Pick(["General Hospital", "Clinic", "General"]), ["partOf"] = i == 0 ? null : Reference("Organization") };
            yield return Clean(new JsonObject
            {
                ["resourceType"] = "Location", ["id"] = $"loc{i}", ["name"] = Pick(["Ward", "Ward 7", "Wing"]), ["partOf"] = i == 0 ? null : Reference("Location"),
                ["position"] = Maybe(() => new JsonObject { ["latitude"] = 47 + random.Next(0, 10) / 10m, ["longitude"] = 15 + random.Next(0, 10) / 10m }),
            });
            yield return new JsonObject { ["resourceType"] = "Practitioner", ["id"] = $"doc{i}", ["name"] = new JsonArray(Name()), ["gender"] = Pick(["male", "female"]) };
            if (staffed)
            {
                yield return Clean(new JsonObject
                {
                    ["resourceType"] = "PractitionerRole", ["id"] = $"post{i}", ["active"] = Maybe(() => Chance(0.7)), ["practitioner"] = Reference("Practitioner"), ["organization"] = Reference("Organization"),
                });
            }
        }
    }

    private static IEnumerable<JsonObject> Many(int count, Func<int, JsonObject> make) => Enumerable.Range(0, count).Select(i => make(i));

    private JsonObject Patient(int i) => Resource("Patient", i, new JsonObject
    {
        ["identifier"] = new JsonArray(Clean(new JsonObject
        {
            ["type"] = Maybe(() => new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "urn:type", ["code"] = Pick(["MR", "SS"]) }), ["text"] = "Record number" }),
            ["system"] = Pick(["urn:mrn", "urn:ssn"]),
            ["value"] = $"M{random.Next(4)}",
        })),
        ["text"] = Chance(0.3) ? new JsonObject { ["status"] = "generated", ["div"] = $"<div xmlns=\"http://www.w3.org/1999/xhtml\"><b>{Pick(Givens)}</b> &amp; family</div>" } : null,
        ["meta"] = Chance(0.3) ? new JsonObject { ["profile"] = new JsonArray("http://example.org/profiles/" + Pick(["patient", "patient/old", "person|2"])) } : null,
        ["active"] = Maybe(() => Chance(0.5)),
        ["name"] = new JsonArray(Name()),
        ["gender"] = Maybe(() => Pick(["male", "female", "other"])),
        ["birthDate"] = Maybe(Date),
        ["managingOrganization"] = Maybe(() => Reference("Organization")),
        ["generalPractitioner"] = Maybe(() => new JsonArray(Reference("Practitioner"))),
        ["link"] = Chance(0.3) ? new JsonArray(new JsonObject { ["other"] = Reference("Patient"), ["type"] = "seealso" }) : null,
    });

    private JsonObject Relative(int i) => Resource("RelatedPerson", i, new JsonObject { ["active"] = Maybe(() => Chance(0.7)), ["patient"] = Reference("Patient"), ["name"] = new JsonArray(Name()) });

    private JsonObject Team(int i) => Resource("CareTeam", i, new JsonObject
    {
        ["status"] = Maybe(() => Pick(["active", "active", "suspended", "inactive"])),
        ["subject"] = Reference("Patient"),
        ["participant"] = new JsonArray([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Clean(new JsonObject
        {
            ["member"] = Reference("Practitioner"),
            ["period"] = Chance(0.3) ? new JsonObject { ["end"] = Pick(["2020", "2099-01-01"]) } : null,
        }))]),
    });

    private JsonObject Encounter(int i) => Resource("Encounter", i, new JsonObject
    {
        ["status"] = Pick(["finished", "in-progress"]),
        ["class"] = new JsonObject { ["system"] = "urn:class", ["code"] = Pick(["IMP", "AMB"]) },
        ["subject"] = Reference("Patient"),
        ["period"] = Maybe(Period),
        ["participant"] = Maybe(() => new JsonArray(new JsonObject { ["individual"] = Reference("Practitioner") })),
        ["location"] = Maybe(() => new JsonArray(new JsonObject { ["location"] = Reference("Location") })),
        ["serviceProvider"] = Maybe(() => Reference("Organization")),
    });

    private JsonObject Observation(int i)
    {
        var observation = Resource("Observation", i, new JsonObject
        {
            ["meta"] = Chance(0.3) ? new JsonObject { ["tag"] = new JsonArray(new JsonObject { ["system"] = "urn:tag", ["code"] = Pick(["a", "b"]) }) } : Label(),
            ["status"] = Pick(Statuses),
            ["category"] = Maybe(() => new JsonArray(Concept("urn:category", Pick(Categories)))),
            ["code"] = Concept(Chance(0.9) ? Loinc : null, Pick(Codes)),
            ["subject"] = Chance(0.9) ? Reference("Patient") : Chance(0.5) ? new JsonObject { ["identifier"] = new JsonObject { ["system"] = "urn:mrn", ["value"] = "M1" } } : null,
            ["component"] = Chance(0.3)
                ? new JsonArray([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => new JsonObject
                {
                    ["code"] = Concept(Loinc, Pick(Codes)),
                    [Chance(0.7) ? "valueQuantity" : "valueCodeableConcept"] = null,
                }).Select(Component)])
                : null,
            ["encounter"] = Chance(0.5) ? Reference("Encounter") : null,
            ["performer"] = Chance(0.5) ? new JsonArray(Reference(Chance(0.8) ? "Practitioner" : "Patient")) : null,
            ["hasMember"] = Chance(0.2) ? new JsonArray(Reference("Observation")) : null,
            ["derivedFrom"] = Chance(0.2) ? new JsonArray(Reference("Observation")) : null,
        });
        if (Chance(0.8))
        {
            observation[Chance(0.7) ? "effectiveDateTime" : "effectivePeriod"] = null;
            observation[observation.ContainsKey("effectivePeriod") ? "effectivePeriod" : "effectiveDateTime"] =
                observation.ContainsKey("effectivePeriod") ? Period() : Date();
        }

        switch (random.Next(4))
        {
            case 0:
                observation["valueString"] = Pick(["never smoked", "smoked for years, a lot of tobacco", "Ünknown"]);
                break;
            case 1:
                observation["valueCodeableConcept"] = Concept("urn:result", Pick(["POS", "NEG"]));
                break;
            default:
                observation["valueQuantity"] = new JsonObject { ["value"] = Number(), ["unit"] = Pick(Units), ["system"] = Maybe(() => "http://unitsofmeasure.org"), ["code"] = Maybe(() => Pick(Units)) };
                break;
        }

        return Clean(observation);
    }

    private JsonObject Component(JsonObject component)
    {
        var name = component.Last().Key;
        component[name] = name == "valueQuantity"
            ? new JsonObject { ["value"] = Number(), ["unit"] = "mg", ["system"] = "http://unitsofmeasure.org", ["code"] = Pick(Units) }
            : Concept("urn:result", Pick(["POS", "NEG"]));
        return component;
    }

    private JsonObject Report(int i) => Resource("DiagnosticReport", i, new JsonObject
    {
        ["contained"] = Chance(0.7) ? new JsonArray(Inside(Observation(0), "o1"), Inside(Observation(0), "o2"), Inside(Patient(0), Pick(["p1", "patient1"]))) : null,
        ["status"] = Pick(Statuses),
        ["code"] = Concept(Loinc, Pick(Codes)),
        ["subject"] = Reference("Patient"),
        ["effectiveDateTime"] = Maybe(Date),
        ["issued"] = "2024-0" + random.Next(1, 6).ToString(CultureInfo.InvariantCulture) + "-03T10:00:00Z",
        ["result"] = Maybe(() => new JsonArray(Reference("Observation"), Reference("Observation"))),
    });

    private static JsonObject Inside(JsonObject resource, string id)
    {
        resource["id"] = id;
        return resource;
    }

    private JsonObject Condition(int i) => Resource("Condition", i, new JsonObject
    {
        ["meta"] = Label(),
        ["contained"] = Chance(0.4) ? new JsonArray(Inside(Patient(0), "p1"), Inside(Encounter(0), "e1")) : null,
        ["subject"] = Reference("Patient"),
        ["code"] = Concept("urn:sct", Pick(["1", "2"])),
        ["onsetDateTime"] = Maybe(Date),
        ["recordedDate"] = Maybe(Date),
        ["encounter"] = Maybe(() => Reference("Encounter")),
    });

    private JsonObject Provenance(int i) => Resource("Provenance", i, new JsonObject
    {
        ["target"] = new JsonArray(Reference(Pick(["Observation", "Patient", "Encounter"])), Reference("Observation")),
        ["recorded"] = "2024-01-0" + random.Next(1, 6).ToString(CultureInfo.InvariantCulture) + "T09:00:00Z",
        ["agent"] = new JsonArray(new JsonObject { ["who"] = Reference("Practitioner") }),
    });

    private JsonObject Risk(int i) => Resource("RiskAssessment", i, new JsonObject
    {
        ["status"] = "final",
        ["subject"] = Reference("Patient"),
        ["prediction"] = new JsonArray(new JsonObject { ["probabilityDecimal"] = Number() }),
    });

    private JsonObject Appointment(int i) => Resource("Appointment", i, new JsonObject
    {
        ["status"] = "booked",
        ["participant"] = new JsonArray(
            new JsonObject { ["actor"] = Reference("Patient"), ["status"] = "accepted" },
            new JsonObject { ["actor"] = Reference(Pick(["Patient", "Practitioner"])), ["status"] = "accepted" }),
    });

    private JsonObject MessageHeader(int i) => Resource("MessageHeader", i, new JsonObject
    {
        ["eventCoding"] = new JsonObject { ["code"] = "A01" },
        ["source"] = new JsonObject { ["endpoint"] = "urn:adt" },
        ["focus"] = new JsonArray(Reference("Patient"), Reference("Encounter")),
    });

    private JsonObject? Label() => staffed && Chance(0.4)
        ? new JsonObject { ["security"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", ["code"] = Pick(["R", "R", "V", "N"]) }) }
        : null;

    private static JsonObject Resource(string type, int i, JsonObject content)
    {
        content.Insert(0, "id", $"{type.ToLowerInvariant()}{i}");
        content.Insert(0, "resourceType", type);
        return Clean(content);
    }

    private static JsonObject Clean(JsonObject content)
    {
        foreach (var name in content.Where(p => p.Value is null).Select(p => p.Key).ToList())
        {
            content.Remove(name);
        }

        foreach (var child in content.Select(p => p.Value).OfType<JsonObject>())
        {
            Clean(child);
        }

        return content;
    }

    private JsonObject? Reference(string type)
    {
        var targets = made.Where(m => m.Type == type).ToList();
        return targets.Count == 0 ? null : new JsonObject { ["reference"] = $"{type}/{targets[random.Next(targets.Count)].Id}" };
    }

    private JsonObject Name() => new() { ["family"] = Pick(Families), ["given"] = new JsonArray(Pick(Givens)) };

    private JsonObject Period()
    {
        var start = Date();
        var period = Clean(new JsonObject { ["start"] = Maybe(() => start), ["end"] = Maybe(() => "2024-1" + random.Next(0, 3).ToString(CultureInfo.InvariantCulture)) });
        return period.Count > 0 ? period : new JsonObject { ["start"] = start };
    }

    private string Date()
    {
        var date = string.Create(CultureInfo.InvariantCulture, $"202{random.Next(2, 5)}-0{random.Next(1, 4)}-1{random.Next(0, 3)}");
        return random.Next(5) switch { 0 => date[..4], 1 => date[..7], 2 => date + "T08:30:00+02:00", _ => date };
    }

    private decimal Number() => random.Next(3) switch { 0 => random.Next(0, 6), 1 => random.Next(0, 60) / 10m, _ => random.Next(0, 600) / 100m };

    private static JsonObject Concept(string? system, string code) =>
        new() { ["coding"] = new JsonArray(Clean(new JsonObject { ["system"] = system, ["code"] = code, ["display"] = code == "718-7" ? "Hemoglobin in blood" : null })), ["text"] = "as said" };

    private string Pick(string[] of) => of[random.Next(of.Length)];

    private bool Chance(double of) => random.NextDouble() < of;

    private T? Maybe<T>(Func<T> make)
    {
        var value = make();
        return Chance(0.8) ? value : default;
    }
}
