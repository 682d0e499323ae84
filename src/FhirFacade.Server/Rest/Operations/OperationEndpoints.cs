using FhirFacade.Fhir.Terminology;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FhirFacade.Server.Rest.Operations;

/// <summary>The routes of the operations.</summary>
internal static class OperationEndpoints
{
    private const string Hl7 = "http://hl7.org/fhir/OperationDefinition/";

    private static readonly string[] GetOrPost = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post];
    private static readonly string[] Post = [HttpMethods.Post];

    /// <summary>Those of any type, as the CapabilityStatement names them.</summary>
    public static IReadOnlyList<(string Name, string Definition)> OfEveryType { get; } = [.. Named("Resource-", "validate", "meta", "meta-add", "meta-delete")];

    /// <summary>Those of a type, as the CapabilityStatement names them.</summary>
    public static IReadOnlyDictionary<string, (string Name, string Definition)[]> OfType { get; } = new Dictionary<string, (string, string)[]>(StringComparer.Ordinal)
    {
        ["Patient"] = [.. Named("Patient-", "everything")],
        ["Encounter"] = [.. Named("Encounter-", "everything")],
        ["Observation"] = [.. Named("Observation-", "lastn")],
        ["Composition"] = [.. Named("Composition-", "document")],
        ["DocumentReference"] = [("docref", "http://hl7.org/fhir/us/core/OperationDefinition/docref")],
        ["ValueSet"] = [.. Named("ValueSet-", "expand", "validate-code")],
        ["CodeSystem"] = [.. Named("CodeSystem-", "lookup", "validate-code", "subsumes")],
        ["ConceptMap"] = [.. Named("ConceptMap-", "translate")],
    };

    /// <summary>Maps them under the FHIR API, whose group asks for a token.</summary>
    public static void Map(IEndpointRouteBuilder fhir, ResourceReader resources, ResourceWriter writer, SearchExecutor executor, SmartSettings settings, PageLinks pages, ContentCheck check, SiteDefinitions definitions, TimeProvider clock)
    {
        var validate = new Validate(resources, check, definitions);
        fhir.MapMethods("/{type}/$validate", Post, validate.HandleAsync);
        fhir.MapMethods("/{type}/{id}/$validate", GetOrPost, validate.HandleAsync);
        var meta = new Meta(resources, writer, check);
        fhir.MapMethods("/{type}/{id}/$meta", GetOrPost, meta.GetAsync);
        fhir.MapMethods("/{type}/{id}/$meta-add", Post, meta.AddAsync);
        fhir.MapMethods("/{type}/{id}/$meta-delete", Post, meta.DeleteAsync);
        var everything = new Everything(resources, executor, settings, pages, check, clock);
        fhir.MapMethods("/Patient/{id}/$everything", GetOrPost, everything.OfPatientAsync);
        fhir.MapMethods("/Encounter/{id}/$everything", GetOrPost, everything.OfEncounterAsync);
        fhir.MapMethods("/Observation/$lastn", GetOrPost, new LastN(executor, settings, check, clock).HandleAsync);
        fhir.MapMethods("/DocumentReference/$docref", GetOrPost, new DocRef(executor, settings, check, clock).HandleAsync);
        fhir.MapMethods("/Composition/{id}/$document", GetOrPost, new Document(resources, settings, check, clock).HandleAsync);
        var terminology = new Terminology(resources, TerminologySet.R4, check);
        fhir.MapMethods("/ValueSet/$expand", GetOrPost, terminology.ExpandAsync);
        fhir.MapMethods("/ValueSet/{id}/$expand", GetOrPost, terminology.ExpandAsync);
        fhir.MapMethods("/ValueSet/$validate-code", GetOrPost, terminology.ValidateCodeAsync);
        fhir.MapMethods("/ValueSet/{id}/$validate-code", GetOrPost, terminology.ValidateCodeAsync);
        fhir.MapMethods("/CodeSystem/$validate-code", GetOrPost, terminology.ValidateSystemCodeAsync);
        fhir.MapMethods("/CodeSystem/$lookup", GetOrPost, terminology.LookupAsync);
        fhir.MapMethods("/CodeSystem/$subsumes", GetOrPost, terminology.SubsumesAsync);
        fhir.MapMethods("/ConceptMap/$translate", GetOrPost, terminology.TranslateAsync);
    }

    private static IEnumerable<(string, string)> Named(string prefix, params string[] names) => names.Select(name => (name, Hl7 + prefix + name));
}
