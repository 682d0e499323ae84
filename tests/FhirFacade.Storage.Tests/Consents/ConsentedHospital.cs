using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Storage.Tests.Search;
using FhirFacade.TestSupport;
using static FhirFacade.TestSupport.ConsentJson;

namespace FhirFacade.Storage.Tests.Consents;

/// <summary>The resources of <see cref="RandomHospital"/> with labels, and with the staff and the documents that consents speak of.</summary>
internal sealed class ConsentedHospital(int seed)
{
    private readonly Random random = new(seed);

    public IEnumerable<JsonElement> Resources() => new RandomHospital(seed).Resources().Select(resource => Labelled(JsonObject.Create(resource)!)).Concat(Staff()).Concat(Documents())
        .Select(resource => JsonSerializer.SerializeToElement(resource));

    private JsonObject Labelled(JsonObject resource)
    {
        if (random.NextDouble() < 0.4)
        {
            var meta = resource["meta"] as JsonObject ?? [];
            resource["meta"] = meta;
            meta["security"] = new JsonArray([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => random.Next(2) == 0
                ? Coding(Confidentiality, "LNRV"[random.Next(4)].ToString())
                : Coding(ActCode, random.Next(2) == 0 ? "HIV" : "PSY")).DistinctBy(coding => (string)coding["system"]!)]);
        }

        return resource;
    }

    private static IEnumerable<JsonObject> Staff()
    {
        for (var i = 0; i < 3; i++)
        {
            yield return new JsonObject
            {
                ["resourceType"] = "PractitionerRole", ["id"] = $"role{i}", ["practitioner"] = Reference($"Practitioner/doc{i}"), ["organization"] = Reference($"Organization/org{i + 1}"), ["active"] = i != 2,
            };
            yield return new JsonObject
            {
                ["resourceType"] = "CareTeam", ["id"] = $"team{i}", ["status"] = i == 1 ? "inactive" : "active", ["subject"] = Reference($"Patient/patient{i}"),
                ["participant"] = new JsonArray(
                    new JsonObject { ["member"] = Reference("Practitioner/doc0") },
                    new JsonObject { ["member"] = Reference("Practitioner/doc1"), ["period"] = new JsonObject { ["end"] = i == 0 ? "2020-01-01" : "2999-01-01" } }),
            };
        }
    }

    private IEnumerable<JsonObject> Documents()
    {
        for (var i = 0; i < 12; i++)
        {
            yield return Labelled(new JsonObject
            {
                ["resourceType"] = "DocumentReference", ["id"] = $"document{i}", ["status"] = "current", ["type"] = Concept("http://loinc.org", i % 2 == 0 ? "11506-3" : "18842-5"),
                ["subject"] = Reference($"Patient/patient{random.Next(6)}"), ["author"] = new JsonArray(Reference($"Practitioner/doc{random.Next(5)}")), ["date"] = $"202{random.Next(2, 5)}-02-11T08:00:00Z",
                ["content"] = new JsonArray(new JsonObject { ["attachment"] = new JsonObject { ["contentType"] = "text/plain" } }),
                ["context"] = new JsonObject { ["related"] = new JsonArray(Reference($"Observation/observation{random.Next(60)}")) },
            });
        }
    }
}
