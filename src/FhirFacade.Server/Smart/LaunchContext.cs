using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Smart;

/// <summary>What an app is told of where it was opened (SMART App Launch 2.2, launch context arrives with your access_token): a JSON object with members of known names.</summary>
public sealed class LaunchContext
{
    private static readonly string[] Texts = ["patient", "encounter", "intent", "smart_style_url", "tenant", GrantFactory.PurposeClaim];
    private readonly JsonObject members;

    private LaunchContext(JsonObject members) => this.members = members;

    /// <summary>Nothing is known.</summary>
    public static LaunchContext None => new([]);

    /// <summary>The patient's logical id.</summary>
    public string? Patient => (string?)members["patient"];

    /// <summary>The encounter's logical id.</summary>
    public string? Encounter => (string?)members["encounter"];

    /// <summary>What the app was opened for: a code of v3-ActReason; null where nobody said.</summary>
    public string? PurposeOfUse => (string?)members[GrantFactory.PurposeClaim];

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static LaunchContext Parse(string json) => new(JsonNode.Parse(json)!.AsObject());

    /// <summary>Takes the members that are known from what a system says; null if one of them is not what it should be.</summary>
    public static LaunchContext? From(JsonObject said)
    {
        ArgumentNullException.ThrowIfNull(said);
        var members = new JsonObject();
        foreach (var name in Texts)
        {
            if (said[name] is { } value)
            {
                if (value.GetValueKind() != JsonValueKind.String || (string?)value is not { Length: > 0 and <= 2000 } text)
                {
                    return null;
                }
                members[name] = text;
            }
        }
        if (said["need_patient_banner"] is { } banner)
        {
            if (banner.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
            {
                return null;
            }
            members["need_patient_banner"] = banner.DeepClone();
        }
        if (said["fhirContext"] is { } resources)
        {
            if (resources is not JsonArray { Count: <= 100 } list || !list.All(IsReference))
            {
                return null;
            }
            members["fhirContext"] = list.DeepClone();
        }
        return new(members);
    }

    /// <summary>The same with another patient.</summary>
    public LaunchContext WithPatient(string id) => With("patient", id);

    /// <summary>The same for a purpose of use.</summary>
    public LaunchContext WithPurposeOfUse(string code) => With(GrantFactory.PurposeClaim, code);

    /// <summary>
    /// The same, saying what an app needs to know of any EHR launch where the system did not: that it has to show whom it is about, and the style of this server.
    /// </summary>
    public LaunchContext WithDefaults(string styleUrl)
    {
        var copy = members.DeepClone().AsObject();
        copy["need_patient_banner"] ??= true;
        copy["smart_style_url"] ??= styleUrl;
        return new(copy);
    }

    /// <summary>The same with an encounter.</summary>
    public LaunchContext WithEncounter(string id) => With("encounter", id);

    /// <summary>Adds the members to a token response.</summary>
    public void WriteTo(JsonObject response)
    {
        ArgumentNullException.ThrowIfNull(response);
        foreach (var (name, value) in members)
        {
            response[name] = value?.DeepClone();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => members.ToJsonString();

    private LaunchContext With(string name, string value)
    {
        var copy = members.DeepClone().AsObject();
        copy[name] = value;
        return new(copy);
    }

    // scopes-and-launch-context: at least one of reference, canonical and identifier; never the patient or encounter themselves.
    private static bool IsReference(JsonNode? entry) => entry is JsonObject o
        && (o["reference"] is JsonValue || o["canonical"] is JsonValue || o["identifier"] is JsonObject)
        && !(o["reference"] is JsonValue v && v.ToString() is var r && o["role"] is null && (r.StartsWith("Patient/", StringComparison.Ordinal) || r.StartsWith("Encounter/", StringComparison.Ordinal)));
}
