using FhirFacade.Storage.Resources;

namespace FhirFacade.Server.Rest;

/// <summary>The resource that a request writes, once it is known which one that is.</summary>
/// <param name="Request">What asks for it.</param>
/// <param name="Id">Its logical id.</param>
/// <param name="IfMatch">The version that has to be current; 0: there must be none; null: any.</param>
internal sealed record WriteTarget(WriteRequest Request, string Id, int? IfMatch)
{
    /// <summary>Whether the id has just been made up.</summary>
    public bool IsNew { get; init; }

    /// <summary>Its type.</summary>
    public string Type => Request.Type;

    /// <summary>The write itself.</summary>
    /// <param name="image">Of the content, under this id; null where the request brings none.</param>
    public ResourceWrite With(ResourceImage? image) => Request.Method switch
    {
        "PATCH" => new ResourceWrite.Change(Type, Id, Request.Patch!, IfMatch),
        "DELETE" => new ResourceWrite.Delete(Type, Id, IfMatch),
        _ when IsNew => new ResourceWrite.Create(Type, Id, image!),
        _ => new ResourceWrite.Put(Type, Id, image!, IfMatch, Request.MayCreate),
    };
}
