using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>MSH, EVN, ORC -> Provenance, one a message: it targets all that the message made and names the message as its source.</summary>
internal static class ProvenanceAssembly
{
    private const string ParticipantType = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

    public static ResourceDraft Begin(MessageWalk walk)
    {
        var scope = walk.Scope;
        var draft = scope.Resources.GetOrAdd("Provenance", BusinessId.Of("Provenance", scope.Sender.Source, scope.Key), TranslationMode.Replace, out _);
        var author = XonToOrganization.Draft(scope.Header[22], scope) ?? HdToOrganization.Draft(scope.Header[4], scope);
        draft.Content["agent"] = new JsonArray(Agent("author", author is null ? DataAbsent.Unknown() : XonToOrganization.Reference(author)));
        return draft;
    }

    public static void Finish(MessageWalk walk)
    {
        var scope = walk.Scope;
        var content = walk.Provenance.Content;
        var targets = new JsonArray();
        foreach (var draft in scope.Resources.All)
        {
            if (draft.Type != "Provenance")
            {
                targets.Add(draft.Reference());
            }
        }

        content["target"] = targets;
        Recorded(walk, content);
        content["activity"] = new JsonObject { ["coding"] = new JsonArray(walk.EventCoding()) };
        content["entity"] = new JsonArray(new JsonObject { ["role"] = "source", ["what"] = new JsonObject { ["identifier"] = MessageIdentifier(scope) } });
        foreach (var software in walk.Software)
        {
            content.Append("entity", software);
        }

        Distinct((JsonArray)content["agent"]!);
        if (scope.Profile.Version.Length > 0)
        {
            content.Append("agent", Agent("assembler", new JsonObject { ["display"] = "FhirFacade" }));
            content["policy"] = new JsonArray($"urn:fhirfacade:feed:{scope.Profile.Name}:{scope.Profile.Version}");
        }
    }

    /// <summary>An agent of a type of provenance-participant-type.</summary>
    public static JsonObject Agent(string type, JsonObject who) => new()
    {
        ["type"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = ParticipantType, ["code"] = type }) },
        ["who"] = who,
    };

    private static JsonObject MessageIdentifier(MessageScope scope) => new()
    {
        ["system"] = scope.Sender.System,
        ["value"] = FhirText.String(scope.Sender.ControlId) ?? scope.Key,
    };

    /// <summary>EVN-2, else MSH-7: never our own clock.</summary>
    public static void Recorded(MessageWalk walk, JsonObject content)
    {
        var scope = walk.Scope;
        var recorded = scope.Message.First("EVN") is { } evn && Dtm.TryRead(evn[2], out var entered) ? entered.ToInstant(scope.Time) : null;
        recorded ??= Dtm.TryRead(scope.Header[7], out var sent) ? sent.ToInstant(scope.Time) : null;
        if (recorded is null)
        {
            content["_recorded"] = DataAbsent.Unknown();
        }
        else
        {
            content["recorded"] = recorded;
        }
    }

    private static void Distinct(JsonArray list)
    {
        for (var i = list.Count - 1; i > 0; i--)
        {
            if (list.Take(i).Any(other => JsonNode.DeepEquals(other, list[i])))
            {
                list.RemoveAt(i);
            }
        }
    }
}
