using FhirFacade.Server.Configuration;
using FhirFacade.Server.Rest.Async;
using FhirFacade.Server.Rest.Terminologies;
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

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OfferedOperation> All { get; } =
    [
        new("validate", Hl7 + "Resource-validate", null, OperationLevels.Type | OperationLevels.Instance),
        new("meta", Hl7 + "Resource-meta", null, OperationLevels.Instance),
        new("meta-add", Hl7 + "Resource-meta-add", null, OperationLevels.Instance, ByGet: false),
        new("meta-delete", Hl7 + "Resource-meta-delete", null, OperationLevels.Instance, ByGet: false),
        new("everything", Hl7 + "Patient-everything", "Patient", OperationLevels.Instance),
        new("everything", Hl7 + "Encounter-everything", "Encounter", OperationLevels.Instance),
        new("lastn", Hl7 + "Observation-lastn", "Observation", OperationLevels.Type),
        new("document", Hl7 + "Composition-document", "Composition", OperationLevels.Instance),
        new("docref", "http://hl7.org/fhir/us/core/OperationDefinition/docref", "DocumentReference", OperationLevels.Type),
        new("expand", Hl7 + "ValueSet-expand", "ValueSet", OperationLevels.Type | OperationLevels.Instance),
        new("validate-code", Hl7 + "ValueSet-validate-code", "ValueSet", OperationLevels.Type | OperationLevels.Instance),
        new("lookup", Hl7 + "CodeSystem-lookup", "CodeSystem", OperationLevels.Type),
        new("validate-code", Hl7 + "CodeSystem-validate-code", "CodeSystem", OperationLevels.Type | OperationLevels.Instance),
        new("subsumes", Hl7 + "CodeSystem-subsumes", "CodeSystem", OperationLevels.Type | OperationLevels.Instance),
        new("translate", Hl7 + "ConceptMap-translate", "ConceptMap", OperationLevels.Type | OperationLevels.Instance),
        new("reindex", "urn:fhirfacade:operation:reindex", "SearchParameter", OperationLevels.Type | OperationLevels.Instance, ByGet: false),
    ];

    /// <summary>Those that a type has, those of every type included.</summary>
    public static IEnumerable<OfferedOperation> Of(string type) => All.Where(operation => operation.Type is null || operation.Type == type);

    // What gathers many resources may be answered later.
    private static void MarkedAs(this IEndpointConventionBuilder route, OfferedOperation operation)
    {
        if (operation.MayTakeLong)
        {
            route.MayTakeLong();
        }
    }

    /// <summary>Maps them under the FHIR API, whose group asks for a token.</summary>
    public static void Map(IEndpointRouteBuilder fhir, ResourceReader resources, ResourceWriter writer, SearchExecutor executor, SmartSettings settings, PageLinks pages, ContentCheck check, SiteDefinitions definitions, TerminologySources terminology, TimeProvider clock)
    {
        void At(string? type, string name, RequestDelegate answer)
        {
            var operation = All.Single(offered => offered.Type == type && offered.Name == name);
            foreach (var level in new[] { OperationLevels.Type, OperationLevels.Instance }.Where(level => operation.Levels.HasFlag(level)))
            {
                var (pattern, methods) = ($"/{type ?? "{type}"}{(level == OperationLevels.Type ? "" : "/{id}")}/${name}", operation.IsByGet(level) ? GetOrPost : Post);
                fhir.MapMethods(pattern, methods, answer).MarkedAs(operation);
                OtherMethods.Refuse(fhir, pattern, string.Join(", ", methods));
            }
        }

        // No id begins like this: what is not one of those below is an operation that nobody knows here.
        foreach (var level in new[] { "/", "/{type}/", "/{type}/{id}/" })
        {
            fhir.Map(level + "${operation}", http => OutcomeResponse.WriteAsync(http, Refusal.NoOperation()));
        }

        At(null, "validate", new Validate(resources, check, definitions).HandleAsync);
        var meta = new Meta(resources, writer, check);
        At(null, "meta", meta.GetAsync);
        At(null, "meta-add", meta.AddAsync);
        At(null, "meta-delete", meta.DeleteAsync);
        var everything = new Everything(resources, executor, settings, pages, check, clock);
        At("Patient", "everything", everything.OfPatientAsync);
        At("Encounter", "everything", everything.OfEncounterAsync);
        At("Observation", "lastn", new LastN(executor, terminology, settings, check, clock).HandleAsync);
        At("DocumentReference", "docref", new DocRef(executor, settings, check, clock).HandleAsync);
        At("Composition", "document", new Document(resources, settings, check, clock).HandleAsync);
        var question = new TerminologyQuestion(resources, terminology);
        At("ValueSet", "expand", new Expand(question, check, clock).HandleAsync);
        var validateCode = new ValidateCode(question, check);
        At("ValueSet", "validate-code", validateCode.InValueSetAsync);
        At("CodeSystem", "validate-code", validateCode.InCodeSystemAsync);
        At("CodeSystem", "lookup", new Lookup(question, check).HandleAsync);
        At("CodeSystem", "subsumes", new Subsumes(question, check).HandleAsync);
        At("ConceptMap", "translate", new Translate(question, terminology, check).HandleAsync);
    }
}
