using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Validation;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Ingest.UsCore;

/// <summary>
/// Puts into <c>meta.profile</c> the US Core profiles to which a resource conforms, and no other. It is validated against those that
/// are for its type, category and code; resources of one shape (<see cref="ContentShape"/>) once.
/// </summary>
internal sealed class UsCoreClaims(ResourceValidator validator)
{
    private const string Canonical = "http://hl7.org/fhir/us/core/StructureDefinition/";

    // A few thousand shapes are the whole of a hospital's feeds; what makes more is no feed of this kind, and starts anew.
    private const int MaxShapes = 20_000;

    private readonly ConcurrentDictionary<UInt128, ImmutableArray<string>> known = new();

    public UsCoreClaims(SiteDefinitions definitions) : this(definitions.Validator)
    {
    }

    /// <summary>How many shapes have been validated.</summary>
    public int Shapes => known.Count;

    /// <summary>Adds the claims to a resource as it is going to be stored.</summary>
    public void Complete(JsonObject resource)
    {
        // What was claimed of an earlier version says nothing of this one.
        var claims = resource["meta"]?["profile"] as JsonArray;
        for (var i = (claims?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (claims![i] is JsonValue claim && ((string)claim!).StartsWith(Canonical, StringComparison.Ordinal))
            {
                claims.RemoveAt(i);
            }
        }

        // An empty list is no content, and would be held against the resource.
        if (claims is { Count: 0 })
        {
            ((JsonObject)resource["meta"]!).Remove("profile");
            claims = null;
        }

        var profiles = Of(resource);
        if (profiles.IsEmpty)
        {
            return;
        }

        if (resource["meta"] is not JsonObject meta)
        {
            resource["meta"] = meta = [];
        }

        claims ??= [];
        foreach (var profile in profiles)
        {
            claims.Add(profile);
        }

        meta["profile"] ??= claims;
    }

    /// <summary>Canonical urls of the profiles to which the resource conforms.</summary>
    public ImmutableArray<string> Of(JsonObject resource)
    {
        var candidates = UsCoreCandidates.Of(resource);
        if (candidates.Count == 0)
        {
            return [];
        }

        var shape = ContentShape.Of(resource);
        if (known.TryGetValue(shape, out var profiles))
        {
            return profiles;
        }

        var element = JsonElement.Parse(ResourceContent.ToBytes(resource));
        profiles = [.. candidates.Select(static name => Canonical + name).Where(url => Conforms(element, url))];
        if (known.Count >= MaxShapes)
        {
            known.Clear();
        }

        return known[shape] = profiles;
    }

    private bool Conforms(JsonElement resource, string profile) =>
        validator.Profiles.Find(profile) is not null && !validator.Validate(resource, new ValidationRequest([profile])).Any(static issue => issue.IsError);
}
