using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.Compartments;

/// <summary>
/// A compartment of R4: the resources that are about one patient, encounter, practitioner, related person or device
/// (https://hl7.org/fhir/R4/compartmentdefinition.html). Immutable, safe to share.
/// </summary>
/// <remarks>For who may see what, ask <see cref="PatientCompartment"/>, which gives what cannot be told apart to nobody.</remarks>
public sealed class Compartment
{
    /// <summary>How a CompartmentDefinition says that a resource belongs by being the one that the compartment is of.</summary>
    private const string Itself = "{def}";

    private static readonly Lazy<FrozenDictionary<string, Compartment>> loaded = new(() => CompartmentFile.ReadR4().GroupBy(line => line.Compartment)
        .ToFrozenDictionary(lines => lines.Key, lines => new Compartment(lines.Key, lines.Select(line => (line.Type, line.Parameters)))));

    private readonly FrozenDictionary<string, ImmutableArray<string>> links;

    private Compartment(string type, IEnumerable<(string Type, ImmutableArray<string> Parameters)> lines)
    {
        Type = type;
        links = lines.ToFrozenDictionary(line => line.Type, line => line.Parameters.Remove(Itself));
        ResourceTypes = [.. links.Keys.Append(type).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>All five: Device, Encounter, Patient, Practitioner, RelatedPerson.</summary>
    public static ImmutableArray<Compartment> All => [.. loaded.Value.Values.OrderBy(compartment => compartment.Type, StringComparer.Ordinal)];

    /// <summary>The compartment of patients.</summary>
    public static Compartment Patient => Of("Patient")!;

    /// <summary>The type of resource that it is of.</summary>
    public string Type { get; }

    /// <summary>The types whose resources can be in it, its own included.</summary>
    public ImmutableArray<string> ResourceTypes { get; }

    /// <summary>The compartment of a type; null where the type has none.</summary>
    public static Compartment? Of(string type) => loaded.Value.GetValueOrDefault(type);

    /// <summary>Whether resources of the type can be in it.</summary>
    public bool Contains(string resourceType) => resourceType == Type || links.ContainsKey(resourceType);

    /// <summary>The codes of the search parameters that link the type to it; empty outside, and where a resource belongs only by being the one.</summary>
    public ImmutableArray<string> LinkingParameters(string resourceType) => links.GetValueOrDefault(resourceType, []);

    /// <summary>
    /// The ids of those whose compartments the resource is in, in ordinal order, each once. The one that the
    /// compartment is of is in its own. Only references that name type and id count; what is contained, elsewhere, or known by
    /// identifier alone has no compartment here.
    /// </summary>
    public ImmutableArray<string> MembershipOf(string resourceType, JsonElement resource)
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        if (resourceType == Type && resource.Text("id"u8) is { } own)
        {
            ids.Add(own);
        }

        foreach (var reference in References(resourceType, resource))
        {
            if (reference.Text("reference"u8) is { } url && RelativeReference.TryParse(url, out var target) && target.Type == Type)
            {
                ids.Add(target.Id);
            }
        }

        return [.. ids];
    }

    /// <summary>Whether the resource is in the compartment of this one.</summary>
    public bool Contains(string resourceType, JsonElement resource, string id) => MembershipOf(resourceType, resource).Contains(id);

    /// <inheritdoc/>
    public override string ToString() => Type;

    /// <summary>The Reference objects that link the resource. R4's own parameters: no site's parameter can move a resource.</summary>
    internal IEnumerable<JsonElement> References(string resourceType, JsonElement resource) => LinkingParameters(resourceType) is { IsEmpty: false } codes
        ? SearchParameterSet.R4.Indexer(resourceType).References(resource, codes)
        : [];
}
