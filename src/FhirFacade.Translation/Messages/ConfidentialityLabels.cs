using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// What a message says of confidentiality -> <c>meta.security</c> of what it says it of: ARV of the patient or the visit before it, PV1-16 of the visit, DG1-18 of the diagnosis, ORC-28
/// (a row of the order's tables) of the order, its report and all that the report shows.
/// </summary>
internal static class ConfidentialityLabels
{
    private const string ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private const string Confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

    private static readonly string[] ShownByReport = ["result", "media", "imagingStudy", "hasMember", "derivedFrom"];

    /// <summary>ARV (2.6 and later). A restriction that ends (action D) takes no label away: the field stays unread, and is reported.</summary>
    /// <param name="walk">The message.</param>
    /// <param name="arv">The segment.</param>
    /// <param name="before">The resource whose segment came before it.</param>
    public static void Arv(MessageWalk walk, Hl7Segment arv, ResourceDraft? before)
    {
        if ((before is { Type: "Patient" or "Encounter" } ? before : walk.Encounter ?? walk.Patient) is not { } draft || arv[2].Is("D") || !arv[3].HasValue)
        {
            return;
        }

        var scope = walk.Scope;
        var known = Labels(draft).Count();
        scope.Maps[$"ARV-{draft.Type}"].Run(arv, draft, scope);
        var said = Labels(draft).Skip(known).Select(label => label.DeepClone()).ToList();
        if (Meta(draft)["security"] is JsonArray security)
        {
            while (security.Count > known)
            {
                security.RemoveAt(security.Count - 1);
            }
        }

        Add(draft, said.OfType<JsonObject>());
        if (!arv[3][1].Is("NO"))
        {
            Restrict(draft);
        }
    }

    /// <summary>PV1-16: a code of the site's that is not known to mean something else marks a visit that is to be protected.</summary>
    public static void Vip(Hl7Segment pv1, ResourceDraft encounter)
    {
        switch (FhirText.Code(pv1[16][1])?.ToUpperInvariant())
        {
            case null or "N" or "NO" or "NONE" or "0" or "F" or "EXT" or "NRM" or "PRF" or "UNK":
                return;
            case "STF":
                Add(encounter, [Coding(ActCode, "EMP")]);
                break;
            default:
                Add(encounter, [Coding(ActCode, "CEL")]);
                break;
        }

        Restrict(encounter);
    }

    /// <summary>DG1-18.</summary>
    public static void Diagnosis(Hl7Segment dg1, ResourceDraft condition, MessageScope scope)
    {
        if (dg1[18].Is("Y"))
        {
            Restrict(condition);
        }

        if (dg1[18].Is("Y") || dg1[18].Is("N"))
        {
            scope.Use.Read(dg1, 18);
        }
    }

    /// <summary>What is said of an order holds for its report, its results and what these show.</summary>
    public static void Share(Order order, ResourceSet resources)
    {
        var labels = new[] { order.Request, order.Report }.OfType<ResourceDraft>().SelectMany(Labels).ToList();
        if (labels.Count == 0)
        {
            return;
        }

        var reached = new HashSet<ResourceDraft>();
        Share(order.Report, labels, resources, reached);
        foreach (var (_, _, observation) in order.Results)
        {
            Share(observation, labels, resources, reached);
        }
    }

    private static void Share(ResourceDraft? draft, List<JsonObject> labels, ResourceSet resources, HashSet<ResourceDraft> reached)
    {
        if (draft is null || !reached.Add(draft))
        {
            return;
        }

        Add(draft, labels);
        foreach (var reference in ShownByReport.SelectMany(element => draft.Content[element] as JsonArray ?? []).OfType<JsonObject>().Select(item => item["link"] as JsonObject ?? item))
        {
            if (((string?)reference["reference"])?.Split('/') is [var type, var id])
            {
                Share(resources.Find(type, id), labels, resources, reached);
            }
        }
    }

    private static void Restrict(ResourceDraft draft)
    {
        if (!Labels(draft).Any(label => (string?)label["system"] == Confidentiality && (string?)label["code"] is "R" or "V"))
        {
            Add(draft, [Coding(Confidentiality, "R")]);
        }
    }

    // Each label once.
    private static void Add(ResourceDraft draft, IEnumerable<JsonObject> labels)
    {
        foreach (var label in labels)
        {
            if (!Labels(draft).Any(known => (string?)known["code"] == (string?)label["code"] && (string?)known["system"] == (string?)label["system"]))
            {
                Meta(draft).Append("security", label.DeepClone());
            }
        }
    }

    private static JsonObject Meta(ResourceDraft draft) => (JsonObject)draft.Content["meta"]!;

    private static IEnumerable<JsonObject> Labels(ResourceDraft draft) => (Meta(draft)["security"] as JsonArray ?? []).OfType<JsonObject>();

    private static JsonObject Coding(string system, string code) => new() { ["system"] = system, ["code"] = code };
}
