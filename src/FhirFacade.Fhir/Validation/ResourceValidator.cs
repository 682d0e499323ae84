using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Fhir.Validation;

/// <summary>What one validation may know beyond the resource.</summary>
/// <param name="Profiles">Canonical urls of profiles that the resource must conform to, besides those that it claims in meta.profile.</param>
/// <param name="Resolve">Finds the resource that a reference names, where it is neither contained nor in the same Bundle.</param>
public sealed record ValidationRequest(ImmutableArray<string> Profiles, Func<string, JsonElement?>? Resolve = null)
{
    /// <summary>Only what the resource claims.</summary>
    public static ValidationRequest AsClaimed { get; } = new([]);
}

/// <summary>
/// Checks resources against R4 and against profiles: structure, invariants, bindings, extensions, narrative, slices. Immutable;
/// safe for any number of threads.
/// </summary>
public sealed class ResourceValidator
{
    private static readonly Lazy<ResourceValidator> Loaded = new(() => new ResourceValidator(ProfileSet.R4, TerminologySet.R4));

    /// <summary>A validator that knows these profiles and this terminology.</summary>
    public ResourceValidator(ProfileSet profiles, TerminologySet terminology) => (Profiles, Terminology) = (profiles, terminology);

    /// <summary>A validator that knows R4's own profiles, extensions and terminology.</summary>
    public static ResourceValidator R4 => Loaded.Value;

    /// <summary>The profiles that it knows.</summary>
    public ProfileSet Profiles { get; }

    /// <summary>The terminology that it knows.</summary>
    public TerminologySet Terminology { get; }

    /// <summary>A validator that knows what packages bring as well.</summary>
    public ResourceValidator With(params IReadOnlyCollection<Package> packages) => new(Profiles.With(packages), Terminology.With(packages));

    /// <summary>
    /// Everything that is wrong with a resource, and with those in it: errors break a rule of R4 or of a profile; warnings are
    /// best practice, extensible bindings, extensions and profiles that are not known. Each issue has a FHIRPath location, and
    /// the key of the constraint where it is one; none repeats a value. At most <see cref="StructureValidator.MaxIssues"/> errors, and as many others, are listed of each walk.
    /// </summary>
    public ImmutableArray<Issue> Validate(JsonElement resource, ValidationRequest? request = null)
    {
        var structure = StructureValidator.Validate(resource);
        var run = new ValidationRun(this, request ?? ValidationRequest.AsClaimed);
        run.Resource(resource);
        return [.. structure.Concat(run.Issues).Distinct()];
    }

    /// <summary>
    /// What a FHIRPath expression over a resource can ask of this validator: its terminology (<c>memberOf</c>, <c>subsumes</c>), its
    /// profiles (<c>conformsTo</c>, <c>slice</c>) and the references within the resource. For one thread at a time.
    /// </summary>
    public FhirPathContext ContextOf(JsonElement resource, ValidationRequest? request = null) =>
        new ValidationRun(this, request ?? ValidationRequest.AsClaimed).ContextOf(resource) ?? FhirPathContext.None;
}
