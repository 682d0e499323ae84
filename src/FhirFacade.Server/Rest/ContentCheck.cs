using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Narrative;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Sensitivity;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Fhir.Validation;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Search.Reindex;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>What a resource has to pass before it is stored, as the settings say.</summary>
internal sealed class ContentCheck(RestOptions options, SiteDefinitions definitions)
{
    /// <summary>Of one resource in a request.</summary>
    public ResourceLimits Limits { get; } = new(options.MaxResourceBytes, options.MaxDepth);

    /// <summary>Of a Bundle that is posted to the base.</summary>
    public ResourceLimits BundleLimits { get; } = new(int.MaxValue, options.MaxDepth);

    /// <summary>
    /// The resource that a request brings, if it may be stored as one of the type; else 400 or 422. The same as parsing it and <see cref="RequestBody.Check"/>, but
    /// where nothing is wrong in fewer walks over it.
    /// </summary>
    /// <param name="utf8">Its JSON.</param>
    /// <param name="type">The type that it has to be.</param>
    /// <param name="id">The id that it has to have; null for any.</param>
    public (JsonDocument? Document, Refusal? Refusal) Read(ReadOnlyMemory<byte> utf8, string type, string? id)
    {
        if (options.Validation == WriteValidation.Structure)
        {
            var read = ResourceParser.ParseText(utf8, Limits).Document;
            if (read is not null && IsSound(read.RootElement, type, id))
            {
                return (read, null);
            }

            read?.Dispose();
        }

        var parsed = ResourceParser.Parse(utf8, Limits);
        var refusal = parsed.Document is null ? new Refusal(StatusCodes.Status400BadRequest, parsed.Issues) : RequestBody.Check(parsed.Document.RootElement, this, type, id);
        if (refusal is null)
        {
            return (parsed.Document, null);
        }

        parsed.Dispose();
        return (null, refusal);
    }

    private static bool IsSound(JsonElement resource, string type, string? id) =>
        resource.TryGetProperty("resourceType"u8, out var named) && named.ValueKind == JsonValueKind.String && named.ValueEquals(type)
        && (id is null || RequestBody.IdOf(resource) == id)
        && StructureValidator.IsSound(resource) && NarrativeFaults.Of(resource).IsEmpty && RefuseDefinition(resource).IsEmpty;

    /// <summary>What an expression of a client knows.</summary>
    /// <param name="terminology">With what is stored and open to the client; null for the terminology that is everybody's.</param>
    public FhirPathContext ExpressionsOf(TerminologySet? terminology)
    {
        var known = terminology ?? definitions.Terminology;
        return new()
        {
            MemberOf = (valueSet, system, code) => known.Contains(valueSet, system, code),
            Subsumes = (system, code, below) => known.Subsumes(system, code, below) is { } outcome ? outcome is Subsumption.Equivalent or Subsumption.Subsumes : null,
        };
    }

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
        return issues.Any(issue => issue.IsError) ? issues : RefuseDefinition(resource);
    }

    // What this server goes by once it is stored: search parameters, and value sets by which resources are labelled.
    private static ImmutableArray<Issue> RefuseDefinition(JsonElement resource) =>
        SiteParameters.Refuse(resource) is { IsEmpty: false } issues ? issues
        : SensitivityRules.Problem(resource) is { } problem ? [Issue.Error(IssueType.BusinessRule, problem, "ValueSet")]
        : [];
}
