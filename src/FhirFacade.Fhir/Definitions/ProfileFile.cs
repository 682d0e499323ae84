using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Definitions;

/// <summary>
/// profiles.jsonl: a line a profile (<c>{"url","version","type","baseDefinition","context"}</c>), and below it a line an element with what it adds to the type. The properties are those of StructureDefinition and ElementDefinition, so
/// that one reader serves the files and the resources.
/// </summary>
public static class ProfileFile
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads the lines of such a file.</summary>
    public static IEnumerable<Profile> Read(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var block = new List<string>();
        foreach (var line in lines)
        {
            if (line.StartsWith("{\"url\":", StringComparison.Ordinal) && block.Count > 0)
            {
                yield return ReadBlock(block);
                block.Clear();
            }

            block.Add(line);
        }

        if (block.Count > 0)
        {
            yield return ReadBlock(block);
        }
    }

    /// <summary>The lines of a profile.</summary>
    public static IEnumerable<string> Write(Profile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var head = new JsonObject { ["url"] = profile.Url };
        Set(head, "version", profile.Version);
        head["type"] = profile.Type;
        Set(head, "baseDefinition", profile.BaseUrl);
        if (profile.IsDifferential)
        {
            head["differential"] = true;
        }

        if (!profile.Contexts.IsEmpty)
        {
            head["context"] = new JsonArray([.. profile.Contexts.Select(context => new JsonObject { ["type"] = context.Type, ["expression"] = context.Expression })]);
        }

        if (!profile.ContextInvariants.IsEmpty)
        {
            head["contextInvariant"] = ProfileElementJson.List(profile.ContextInvariants);
        }

        return Elements(profile.Root).Select(ProfileElementJson.Of).Where(element => element.Count > 1).Prepend(head).Select(json => json.ToJsonString(Plain));
    }

    private static IEnumerable<ProfileElement> Elements(ProfileElement element) =>
        element.Children.SelectMany(Elements).Concat(element.Slices.SelectMany(Elements)).Prepend(element);

    private static Profile ReadBlock(List<string> block)
    {
        var isDifferential = block[0].Contains("\"differential\":true", StringComparison.Ordinal);
        using var document = JsonDocument.Parse(
            $"{block[0][..^1]},\"{ProfileReader.Elements}\":{{\"element\":[{string.Join(',', block.Skip(1))}]}}}}");
        var issues = System.Collections.Immutable.ImmutableArray.CreateBuilder<Issue>();
        return ProfileReader.ReadReduced(document.RootElement, R4.Definitions, isDifferential, issues)
            ?? throw new InvalidDataException("A file of profiles cannot be read: " + issues.FirstOrDefault()?.Diagnostics);
    }

    private static void Set(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}
