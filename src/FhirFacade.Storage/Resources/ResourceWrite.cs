using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Storage.Resources;

/// <summary>One write that a client asks for. A closed set: the records nested here.</summary>
/// <param name="Type">A resource type that is stored.</param>
/// <param name="Id">A valid logical id.</param>
/// <param name="IfMatch">The version that has to be current; 0: there must be none; null: any.</param>
public abstract record ResourceWrite(string Type, string Id, int? IfMatch)
{
    private ResourceWrite(string type, string id) : this(type, id, null)
    {
    }

    /// <summary>What the grant has to allow, on what is stored and on what is written.</summary>
    public abstract Interactions Needed { get; }

    /// <summary>A new resource under an id that the server has just made up.</summary>
    /// <param name="Type">A resource type that is stored.</param>
    /// <param name="Id">An id that nobody had before.</param>
    /// <param name="Image">Of a valid resource under that id.</param>
    public sealed record Create(string Type, string Id, ResourceImage Image) : ResourceWrite(Type, Id, 0)
    {
        /// <inheritdoc/>
        public override Interactions Needed => Interactions.Create;

        /// <summary>A new resource under a new id.</summary>
        public static Create New(string type, JsonElement content)
        {
            var id = NewId();
            return new(type, id, ResourceImage.Of(type, id, content));
        }

        /// <summary>An id that nobody has had.</summary>
        public static string NewId() => Guid.CreateVersion7().ToString();
    }

    /// <summary>The content that a resource is to have, whether it exists or not.</summary>
    /// <param name="Type">A resource type that is stored.</param>
    /// <param name="Id">A valid logical id.</param>
    /// <param name="Image">Of a valid resource under that id.</param>
    /// <param name="IfMatch">The version that has to be current; 0: there must be none; null: any.</param>
    /// <param name="MayCreate">Whether it is created if there is none.</param>
    public sealed record Put(string Type, string Id, ResourceImage Image, int? IfMatch = null, bool MayCreate = true) : ResourceWrite(Type, Id, IfMatch)
    {
        /// <summary>The same of a valid resource; an id in it is replaced.</summary>
        public Put(string type, string id, JsonElement content, int? ifMatch = null, bool mayCreate = true)
            : this(type, id, ResourceImage.Of(type, id, content), ifMatch, mayCreate)
        {
        }

        /// <inheritdoc/>
        public override Interactions Needed => Interactions.Update;
    }

    /// <summary>A change that is made of what is stored, while nobody else can change it.</summary>
    /// <param name="Type">A resource type that is stored.</param>
    /// <param name="Id">A valid logical id.</param>
    /// <param name="Apply">Gives the new content, or says why there is none.</param>
    /// <param name="IfMatch">The version that has to be current; null: any.</param>
    public sealed record Change(string Type, string Id, Func<JsonElement, ChangedContent> Apply, int? IfMatch = null) : ResourceWrite(Type, Id, IfMatch)
    {
        /// <inheritdoc/>
        public override Interactions Needed => Interactions.Update;
    }

    /// <summary>The end of a resource; its history stays.</summary>
    /// <param name="Type">A resource type that is stored.</param>
    /// <param name="Id">A valid logical id.</param>
    /// <param name="IfMatch">The version that has to be current; null: any.</param>
    public sealed record Delete(string Type, string Id, int? IfMatch = null) : ResourceWrite(Type, Id, IfMatch)
    {
        /// <inheritdoc/>
        public override Interactions Needed => Interactions.Delete;
    }
}

/// <summary>What a change makes of a resource.</summary>
/// <param name="Content">The valid new content; null if there are issues.</param>
/// <param name="Issues">Why there is none.</param>
public sealed record ChangedContent(JsonElement? Content, ImmutableArray<Issue> Issues);
