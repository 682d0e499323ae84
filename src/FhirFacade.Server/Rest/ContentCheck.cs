using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Narrative;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Fhir.Validation;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Search.Reindex;

namespace FhirFacade.Server.Rest;

/// <summary>What a resource has to pass before it is stored, as the settings say.</summary>
internal sealed class ContentCheck(RestOptions options, SiteDefinitions definitions)
{
    /// <summary>Of one resource in a request.</summary>
    public ResourceLimits Limits { get; } = new(options.MaxResourceBytes, options.MaxDepth);

    /// <summary>Of a Bundle that is posted to the base.</summary>
    public ResourceLimits BundleLimits { get; } = new(int.MaxValue, options.MaxDepth);

    /// <summary>What an expression of a client knows: the terminology that is everybody's.</summary>
    public FhirPathContext Expressions { get; } = new()
    {
        MemberOf = (valueSet, system, code) => definitions.Terminology.Contains(valueSet, system, code),
        Subsumes = (system, code, below) => definitions.Terminology.Subsumes(system, code, below) is { } outcome ? outcome is Subsumption.Equivalent or Subsumption.Subsumes : null,
    };

    /// <summary>Why the resource is not stored; empty if it may be. Warnings come along only with errors.</summary>
    public ImmutableArray<Issue> Refuse(JsonElement resource)
    {
        ImmutableArray<Issue> issues = options.Validation switch
        {
            WriteValidation.None => [],
            WriteValidation.Structure => [.. StructureValidator.Validate(resource), .. NarrativeFaults.Of(resource)],
            WriteValidation.Invariants => ResourceValidator.R4.Validate(resource),
            _ => definitions.Validator.Validate(resource),
        };
        return issues.Any(issue => issue.IsError) ? issues : SiteParameters.Refuse(resource);
    }
}
