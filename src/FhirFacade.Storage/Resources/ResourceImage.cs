using System.Text.Json;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.Sensitivity;
using FhirFacade.Storage.Search.Index;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// What a resource's row will hold, as far as that does not depend on what is stored: it can be made before a transaction begins, and
/// nothing of the JSON that it was made of has to be kept.
/// </summary>
public sealed class ResourceImage
{
    private readonly string type;
    private readonly string id;
    private IndexRow index;

    private ResourceImage(string type, string id, UnstampedResource content, byte[] hash, string? patientId, IndexRow index) =>
        (this.type, this.id, Content, Hash, PatientId, this.index) = (type, id, content, hash, patientId, index);

    /// <summary>All of it but the version.</summary>
    internal UnstampedResource Content { get; }

    /// <summary>Whether the server has given it labels.</summary>
    internal bool HasMadeLabels { get; private init; }

    /// <summary>Of the content, without id and version.</summary>
    internal byte[] Hash { get; }

    /// <summary>The one patient whose compartment it is in.</summary>
    internal string? PatientId { get; }

    /// <summary>Its search columns, made anew if the search parameters have changed since. No parameter sees what a stamp says.</summary>
    internal IndexRow Index => index.Generation == SearchParameterSet.Indexed.Generation
        ? index
        : index = IndexRow.From(type, id, JsonElement.Parse(Content.Stamp(1, DateTimeOffset.UnixEpoch)));

    /// <summary>The image of a resource, with the labels that it has to have by what it says: those in it that the server once made do not count.</summary>
    /// <param name="type">Its type, which is stored.</param>
    /// <param name="id">The logical id that it is to have, whatever stands in it.</param>
    /// <param name="resource">A valid resource.</param>
    public static ResourceImage Of(string type, string id, JsonElement resource)
    {
        var plain = SecurityLabels.WithoutMade(resource);
        return Of(type, id, plain, ResourceContent.Hash(plain));
    }

    /// <summary>The same where the hash of the content is known.</summary>
    /// <param name="type">Its type, which is stored.</param>
    /// <param name="id">The logical id that it is to have, whatever stands in it.</param>
    /// <param name="resource">A valid resource without labels that the server has made: what these are is not part of what it says.</param>
    /// <param name="hash">Of the resource.</param>
    internal static ResourceImage Of(string type, string id, JsonElement resource, byte[] hash)
    {
        var labels = SensitivityRules.Served.LabelsOf(type, resource);
        var labelled = labels.IsEmpty ? resource : SecurityLabels.WithMade(resource, labels);
        return new(type, id, UnstampedResource.Of(labelled, id), hash, PatientOf(type, id, labelled), IndexRow.From(type, id, labelled)) { HasMadeLabels = !labels.IsEmpty };
    }

    /// <summary>The image of a resource with all its labels.</summary>
    internal static ResourceImage Labelled(string type, string id, JsonElement labelled, byte[] hash) =>
        new(type, id, UnstampedResource.Of(labelled, id), hash, PatientOf(type, id, labelled), IndexRow.From(type, id, labelled)) { HasMadeLabels = true };

    /// <summary>The complete resource as one version of it.</summary>
    internal byte[] Stamp(int version, DateTimeOffset lastUpdated) => Content.Stamp(version, lastUpdated);

    private static string? PatientOf(string type, string id, JsonElement content) =>
        type == "Patient" ? id
        : PatientCompartment.Of(type, content) is PatientMembership.One one ? one.PatientId
        : null;
}
