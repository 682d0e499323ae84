namespace FhirFacade.Server.Pages;

/// <summary>A form that asks the API from the page (<c>Assets/try.js</c>): the token goes nowhere but to this server, and is not kept.</summary>
internal sealed class TryForm(IReadOnlyList<ServedType> types, string root, bool demo)
{
    /// <summary>The section of the page, with a type chosen.</summary>
    public Html ToHtml(string? chosen) => $"""
        <section id="try" aria-labelledby="try-title">
        <h2 id="try-title">Try it</h2>
        <p>Paste a token, choose what to ask for, and see the answer as the server sends it.</p>
        <noscript><p class="notice">This form needs scripts. Without them, any HTTP client does the same: a GET with the header Authorization: Bearer and the token.</p></noscript>
        <form class="card try" id="try-form" data-base="{root}/fhir" data-token="{root}/oauth/token" hidden>
        <div class="field">
        <label for="try-token">Access token</label>
        <p class="hint" id="try-token-hint">It stays in this page and is gone when you leave.</p>
        <textarea id="try-token" rows="2" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="try-token-hint"></textarea>
        {(demo ? Html.Of($"<p class=\"actions\"><button class=\"quiet\" type=\"button\" id=\"try-demo\">Get a demonstration token</button></p>") : Html.Empty)}
        </div>
        <div class="row">
        <div class="field"><label for="try-what">What</label><select id="try-what">
        <option value="search">Search</option>
        <option value="read">Read one</option>
        <option value="history">Versions of one</option>
        <option value="everything">Everything of one</option>
        </select></div>
        <div class="field"><label for="try-type">Type</label><select id="try-type">
        {types.Select(type => Html.Of($"<option{(type.Name == (chosen ?? "Patient") ? Html.Of($" selected") : Html.Empty)}>{type.Name}</option>"))}
        </select></div>
        <div class="field" id="try-id-field"><label for="try-id">Id</label><input id="try-id" autocomplete="off" autocapitalize="none" spellcheck="false"></div>
        </div>
        <fieldset id="try-parameters">
        <legend>Parameters</legend>
        <div id="try-rows"></div>
        <p class="actions"><button class="quiet" type="button" id="try-add">Add a parameter</button></p>
        </fieldset>
        <template id="try-row"><div class="parameter"><div class="field"><label>Name</label><input list="try-names" autocomplete="off" autocapitalize="none" spellcheck="false"></div><div class="field"><label>Value</label><input autocomplete="off" autocapitalize="none" spellcheck="false"><p class="hint"></p></div><button class="quiet" type="button">Remove</button></div></template>
        <datalist id="try-names"></datalist>
        <p class="request"><span class="out-of-sight">The request: </span><code id="try-request"></code></p>
        <p class="actions"><button id="try-send">Send</button><button class="quiet" type="button" data-copy="try-curl">Copy as curl</button></p>
        <pre id="try-curl" hidden></pre>
        </form>
        <div class="card answer" id="try-answer" hidden>
        <h3 id="try-answer-title">Answer</h3>
        <p id="try-status" role="status"></p>
        <p class="actions" id="try-pages" hidden><button class="quiet" type="button" data-relation="previous">Previous page</button><button class="quiet" type="button" data-relation="next">Next page</button></p>
        <pre id="try-body" tabindex="0" role="region" aria-labelledby="try-answer-title"></pre>
        </div>
        </section>
        """;
}
