using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Rest;
using FhirFacade.Storage.Authorizations;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>
/// <c>POST /oauth/launch</c>: a system that shows a record opens an app on it (SMART App Launch 2.2, EHR launch). It needs a token
/// with <see cref="SiteScopes.Launch"/>, and can only hand on what that token opens.
/// </summary>
public sealed class LaunchEndpoint(LaunchStore launches, ClientCatalog clients, ResourceReader resources, SmartStyle style, SmartSettings settings)
{
    private const int LargestBody = 32 * 1024;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Takes <c>client_id</c>, <c>patient</c>, <c>encounter</c>, <c>fhirContext</c>, <c>need_patient_banner</c>, <c>intent</c>,
    /// <c>smart_style_url</c>, <c>purpose_of_use</c> and <c>fhirUser</c> (who alone may take it up) as JSON; answers with <c>launch</c> and <c>launch_url</c>.
    /// Where nothing is said of banner and style, the app is to show whom it is about, and gets the style of this server.
    /// </summary>
    public async Task HandleAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!SiteScopes.Opens(http.User, SiteScopes.Launch))
        {
            await OutcomeResponse.WriteAsync(http, StatusCodes.Status403Forbidden, Issue.Error(IssueType.Forbidden, "the access token does not open this"));
            return;
        }
        var said = await JsonBody.ReadAsync(http, LargestBody);
        if (said is null || LaunchContext.From(said) is not { } context || said["client_id"] is not JsonValue id || await clients.FindAsync(id.ToString(), http.RequestAborted) is not { } client
            || (said["fhirUser"] is { } user && user.GetValueKind() != JsonValueKind.String) || (context.Encounter is not null && context.Patient is null))
        {
            await RefuseAsync(http, "the body is to be a JSON object with the client_id of a registered app and members of a launch context");
            return;
        }
        if (context.PurposeOfUse is { } purpose && !(PurposeOfUse.IsKnown(purpose) && settings.Policies.MayClaim(client.Id, purpose)))
        {
            await RefuseAsync(http, "purpose_of_use is to be a code of v3-PurposeOfUse that the app may claim");
            return;
        }
        var grant = GrantFactory.From(http.User);
        if (!await MaySeeAsync("Patient", context.Patient, grant, http.RequestAborted) || !await MaySeeAsync("Encounter", context.Encounter, grant, http.RequestAborted))
        {
            await RefuseAsync(http, "the patient or the encounter is not there, or not open to this token");
            return;
        }
        var launch = Secret.Create();
        await launches.AddAsync(launch.Hash, client.Id, (string?)said["fhirUser"], context.WithDefaults(style.Url).ToString(), Life, http.RequestAborted);
        var answer = new JsonObject { ["launch"] = launch.Value, ["expires_in"] = (int)Life.TotalSeconds };
        if (client.LaunchUrl is { } url)
        {
            answer["launch_url"] = $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}iss={Uri.EscapeDataString(settings.FhirBase)}&launch={launch.Value}";
        }
        http.Response.StatusCode = StatusCodes.Status201Created;
        await TokenResponse.WriteAsync(http, answer);
    }

    private async Task<bool> MaySeeAsync(string type, string? id, AccessGrant grant, CancellationToken cancellationToken) =>
        id is null || await resources.ReadAsync(type, id, grant, cancellationToken) is ReadOutcome.Found;

    private static Task RefuseAsync(HttpContext http, string text) =>
        OutcomeResponse.WriteAsync(http, StatusCodes.Status400BadRequest, Issue.Error("invalid", text));
}
