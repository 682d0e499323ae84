using FhirFacade.Server.Smart;

namespace FhirFacade.Server.Pages;

/// <summary>How to get a token here: it depends on who issues them.</summary>
internal sealed class TokenHelp(SmartSettings settings, string root)
{
    /// <summary>The section of the page.</summary>
    public Html ToHtml() => $"""
        <section id="token" aria-labelledby="token-title">
        <h2 id="token-title">Get a token</h2>
        <p>Every request carries an access token. Its scopes, such as <code>system/Observation.rs</code> or <code>patient/*.rs</code>, say which types may be read and searched; a patient in its context says whose.</p>
        {(settings.Authority is { } foreign ? Foreign(foreign) : BuiltIn)}
        </section>
        """;

    private Html BuiltIn => $"""
        <ul class="grid">
        <li class="card"><h3>Apps that people use</h3><p>They find every address in the <a href="{root}/fhir/.well-known/smart-configuration">SMART configuration</a> and send the person to the authorization endpoint named there.</p></li>
        <li class="card"><h3>Programs without people</h3><p>A registered client signs an assertion with its key (ES384 or RS384) and sends it, with grant type <code>client_credentials</code>, to <code>{settings.TokenEndpoint}</code>.</p></li>
        {(settings.Demo ? Demo : Html.Empty)}
        </ul>
        """;

    private Html Demo => $"""
        <li class="card"><h3>This demonstration</h3><p>The client <code>demo</code> may read everything. In the form below a button gets its token; on a command line:</p>
        <pre tabindex="0" role="region" aria-label="Command for a token">curl -u demo:demo-secret \
          -d grant_type=client_credentials \
          -d 'scope=system/*.rs' \
          {settings.TokenEndpoint}</pre></li>
        """;

    private Html Foreign(Uri authority) => $"""
        <ul class="grid">
        <li class="card"><h3>Issued elsewhere</h3><p>This server takes the tokens of <code>{authority.AbsoluteUri}</code>, made for the audience <code>{settings.FhirBase}</code>. Apps find its addresses in the <a href="{root}/fhir/.well-known/smart-configuration">SMART configuration</a>.</p></li>
        </ul>
        """;
}
