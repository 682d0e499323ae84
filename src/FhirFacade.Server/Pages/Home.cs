using FhirFacade.Server.Configuration;
using FhirFacade.Server.Rest;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Pages;

/// <summary><c>GET /</c>: what is served, how to get a token, a form to try it with, and the types.</summary>
internal sealed class Home(ServedApi api, SmartSettings settings, SiteDefinitions definitions, PageLayout layout)
{
    private readonly Func<IReadOnlyList<ServedType>> types = ServedApi.Kept(() => ServedType.Of(api.Statement()));

    /// <summary>200. <c>?type=</c> chooses a type in the form.</summary>
    public Task HandleAsync(HttpContext http) => layout.WriteAsync(http, new Page("FHIR R4 API", $"""
        {Documents}
        {new TokenHelp(settings, layout.Root).ToHtml()}
        {new TryForm(types(), layout.Root, settings.Demo && settings.Authority is null).ToHtml(http.Request.Query["type"])}
        {Types}
        """)
    {
        Band = $"""
            <div class="hero">
            <h1>A FHIR R4 API over HL7 v2 feeds</h1>
            <p class="lead">Everything that the feeds of this site have brought, as FHIR resources. A token decides what of it is there for you.</p>
            <p class="base"><code id="base">{settings.FhirBase}</code><button class="quiet" type="button" data-copy="base" hidden>Copy</button></p>
            <ul class="tags" aria-label="Standards"><li class="tag">FHIR 4.0.1</li><li class="tag">US Core {definitions.UsCoreVersion}</li><li class="tag">SMART App Launch</li><li class="tag">JSON and XML</li></ul>
            </div>
            """,
        Scripts = ["copy.js", "try.js", "filter.js"],
    });

    private Html Documents => $"""
        <section class="lift" aria-label="Descriptions for programs">
        <ul class="grid">
        {Document("fhir/metadata?_format=application/json&_pretty=true", "CapabilityStatement", "Types, interactions, search parameters, operations and profiles.")}
        {Document("openapi.json", "OpenAPI", "The same for code generators and API tools.")}
        {Document("fhir/.well-known/smart-configuration", "SMART configuration", "Where apps get tokens, and what they may ask for.")}
        {Document("fhir/metadata?mode=terminology&_format=application/json&_pretty=true", "Terminology", "The code systems at hand, and what can be asked of them.")}
        </ul>
        </section>
        """;

    private Html Document(string path, string name, string text) => $"""
        <li class="card"><h2 class="small"><a href="{layout.Root}/{path}">{name}</a></h2><p>{text}</p></li>
        """;

    private Html Types => $"""
        <section id="types" aria-labelledby="types-title">
        <h2 id="types-title">Types</h2>
        <p>Each page lists the type's search parameters, how their values are written, its operations and profiles.</p>
        <div class="field filter" hidden><label for="filter">Find a type</label><input id="filter" type="search" autocomplete="off" spellcheck="false" data-filters="type-list"></div>
        <p class="quiet-text" role="status" id="type-list-count"></p>
        <ul class="columns" id="type-list">
        {types().Select(type => Html.Of($"<li><a href=\"{layout.Root}/types/{type.Name}\">{type.Name}</a></li>\n"))}
        </ul>
        </section>
        """;
}
