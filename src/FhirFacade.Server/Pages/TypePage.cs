using FhirFacade.Server.Rest;
using FhirFacade.Server.Rest.Operations;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Pages;

/// <summary><c>GET /types/{type}</c>: what one type is searched by, and what else it offers.</summary>
internal sealed class TypePage(ServedApi api, PageLayout layout)
{
    private readonly Func<IReadOnlyDictionary<string, ServedType>> types = ServedApi.Kept<IReadOnlyDictionary<string, ServedType>>(() =>
        ServedType.Of(api.Statement()).ToDictionary(type => type.Name, StringComparer.Ordinal));

    /// <summary>200, or 404 for what is no type.</summary>
    public Task HandleAsync(HttpContext http) => types().TryGetValue((string)http.Request.RouteValues["type"]!, out var type)
        ? layout.WriteAsync(http, Of(type))
        : OutcomeResponse.WriteAsync(http, Refusal.UnknownType());

    private Page Of(ServedType type) => new(type.Name, $"""
        <section aria-labelledby="parameters">
        <h2 id="parameters">Search parameters</h2>
        <p>Several in one address must all hold; values with commas between them are alternatives.</p>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="parameters">
        <table>
        <thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Value</th><th scope="col">After the name</th></tr></thead>
        <tbody>
        {type.SearchParameters.Select(Row)}
        </tbody>
        </table>
        </div>
        </section>
        <section aria-labelledby="operations">
        <h2 id="operations">Operations</h2>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="operations">
        <table>
        <thead><tr><th scope="col">Name</th><th scope="col">Where</th><th scope="col">Definition</th></tr></thead>
        <tbody>
        {type.Operations.Select(operation => Row(type.Name, operation.Name, operation.Definition))}
        </tbody>
        </table>
        </div>
        </section>
        <section aria-labelledby="included">
        <h2 id="included">What comes along</h2>
        <dl class="facts"><dt><code>_include</code></dt><dd>{Codes(type.Texts("searchInclude"))}</dd><dt><code>_revinclude</code></dt><dd>{Codes(type.Texts("searchRevInclude"))}</dd></dl>
        </section>
        {Profiles([.. type.Texts("supportedProfile")])}
        """)
    {
        Band = $"""
            <div class="hero">
            <p class="crumb"><a href="{layout.Root}/#types">Types</a></p>
            <h1>{type.Name}</h1>
            <ul class="tags" aria-label="Interactions">{type.Interactions.Select(code => Html.Of($"<li class=\"tag\">{code}</li>"))}</ul>
            <p class="actions"><a class="button" href="{layout.Root}/?type={type.Name}#try">Try it</a><a class="button quiet" href="https://hl7.org/fhir/R4/{type.Name.ToLowerInvariant()}.html">The type in FHIR R4</a></p>
            </div>
            """,
    };

    private static Html Row((string Name, string Type, string? Definition) parameter)
    {
        var writing = SearchWriting.Of(parameter.Type);
        return $"""
            <tr><th scope="row"><code>{parameter.Name}</code></th><td>{parameter.Type}</td><td>{writing.Text}{(parameter.Definition is null ? Html.Empty : Html.Of($"<br><span class=\"quiet-text\">{parameter.Definition}</span>"))}</td><td>{Codes(writing.Modifiers.Split(' ', StringSplitOptions.RemoveEmptyEntries))}</td></tr>

            """;
    }

    private static Html Row(string type, string name, string definition)
    {
        var levels = OperationEndpoints.Of(type).First(operation => operation.Name == name && operation.Definition == definition).Levels;
        var places = new[] { (OperationLevels.Type, $"{type}/${name}"), (OperationLevels.Instance, $"{type}/[id]/${name}") }.Where(place => levels.HasFlag(place.Item1)).Select(place => place.Item2);
        return $"""
            <tr><th scope="row"><code>${name}</code></th><td>{Codes(places)}</td><td>{definition}</td></tr>

            """;
    }

    private static Html Profiles(string[] profiles) => profiles.Length == 0 ? Html.Empty : $"""
        <section aria-labelledby="profiles">
        <h2 id="profiles">Profiles</h2>
        <p>A resource that claims one of these is checked against it before it is stored.</p>
        <ul>{profiles.Select(profile => Html.Of($"<li><code>{profile}</code></li>"))}</ul>
        </section>
        """;

    private static Html Codes(IEnumerable<string> texts) => $"{texts.Select(text => Html.Of($"<code>{text}</code> "))}";
}
