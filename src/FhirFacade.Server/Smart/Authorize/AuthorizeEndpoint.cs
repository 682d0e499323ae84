using FhirFacade.Fhir.Access;
using FhirFacade.Server.Access.BreakGlass;
using FhirFacade.Server.Audit;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Storage.Accounts;
using FhirFacade.Storage.Authorizations;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>
/// <c>/oauth/authorize</c> and the forms behind it: who is it, which patient, what is allowed; then a code (OAuth 2.1 section 4.1,
/// SMART App Launch 2.2). Every step is decided anew from the sealed request and the session.
/// </summary>
public sealed class AuthorizeEndpoint(
    AuthorizationParameters parameters, ClientCatalog clients, AuthorizeForms forms, BrowserSessions sessions, People people, UserPatients patients, UserEncounters encounters,
    LaunchStore launches, AuthorizationStore authorizations, Emergencies emergencies, SmartSettings settings, TimeProvider clock)
{
    private static readonly TimeSpan CodeLife = TimeSpan.FromSeconds(60);

    /// <summary>The request of an app, by GET or by POST.</summary>
    public async Task StartAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var form = HttpMethods.IsPost(http.Request.Method) ? (await OAuthForm.ReadAsync(http, repeated: true)).Form : null;
        var (request, client, error, complaint) = await parameters.ReadAsync(form ?? (IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>>)http.Request.Query, http.RequestAborted);
        if (complaint is not null)
        {
            await forms.ComplainAsync(http, complaint);
            return;
        }
        await (error?.WriteAsync(http) ?? ContinueAsync(http, request!, client!, await sessions.FindAsync(http)));
    }

    /// <summary><c>POST /oauth/sign-in</c>.</summary>
    public Task SignInAsync(HttpContext http) => StepAsync(http, async (form, request, client, _) =>
    {
        if (await people.RecognizeAsync(form["user"].ToString(), form["password"].ToString(), form["code"].ToString(), http.RequestAborted) is not { } account)
        {
            SignInEvent.Tell(http, client, null);
            await SignInPage.ShowAsync(http, forms, request, client, hasFailed: true);
            return;
        }
        SignInEvent.Tell(http, client, account);
        var session = await sessions.StartAsync(http, account, clock.GetUtcNow());
        await ContinueAsync(http, request, client, (session, account));
    });

    /// <summary><c>POST /oauth/patients</c>: looks for patients by name.</summary>
    public Task FindPatientsAsync(HttpContext http) => StepAsync(http, (form, request, client, signedIn) =>
        ContinueAsync(http, request, client, signedIn, form["name"].ToString()));

    /// <summary><c>POST /oauth/patient</c>: one has been picked.</summary>
    public Task PickPatientAsync(HttpContext http) => StepAsync(http, (form, request, client, signedIn) =>
        ContinueAsync(http, request with { Patient = form["patient"].ToString() is { Length: > 0 and <= 64 } id ? id : null }, client, signedIn));

    /// <summary><c>POST /oauth/break-glass</c>: why it cannot wait.</summary>
    public Task BreakGlassAsync(HttpContext http) => StepAsync(http, (form, request, client, signedIn) =>
        ContinueAsync(http, request with { Reason = form["reason"].ToString().Trim() }, client, signedIn));

    /// <summary><c>POST /oauth/encounter</c>: one has been picked, or none.</summary>
    public Task PickEncounterAsync(HttpContext http) => StepAsync(http, (form, request, client, signedIn) =>
        ContinueAsync(http, request with { Encounter = form["encounter"] is [{ Length: <= 64 } id] ? id : null }, client, signedIn));

    /// <summary><c>POST /oauth/consent</c>: what has been allowed.</summary>
    public Task DecideAsync(HttpContext http) => StepAsync(http, (form, request, client, signedIn) =>
        form["decision"] == "allow" ? ContinueAsync(http, request, client, signedIn, decision: form["scope"]) : Back(request, "access_denied", "the person did not allow it").WriteAsync(http));

    private async Task StepAsync(HttpContext http, Func<IFormCollection, AuthorizationRequest, SmartClient, (Session, Account)?, Task> step)
    {
        var signedIn = await sessions.FindAsync(http);
        if (await forms.ReadAsync(http) is not var (form, request))
        {
            return;
        }
        // The app may have been closed, and its addresses changed, while the page was open.
        if (await clients.FindAsync(request.ClientId, http.RequestAborted) is not { } client || !client.RedirectUris.Contains(request.RedirectUri, StringComparer.Ordinal))
        {
            await forms.ComplainAsync(http, "The app that sent you here is no longer registered.");
            return;
        }
        if (signedIn is (_, { } known))
        {
            SignInEvent.Tell(http, client, known);
        }
        await (form.ContainsKey("cancel") ? Back(request, "access_denied", "the person cancelled").WriteAsync(http) : step(form, request, client, signedIn));
    }

    /// <summary>Goes on to the first question that has no answer yet; when all have one, the code is sent.</summary>
    private async Task ContinueAsync(HttpContext http, AuthorizationRequest request, SmartClient client, (Session Session, Account Account)? signedIn, string name = "", IEnumerable<string?>? decision = null)
    {
        if (signedIn is not var (session, account) || (request.IsSignInWanted && session.SignedInAt < request.At))
        {
            await (request.IsSilent ? Back(request, "login_required", "nobody has signed in").WriteAsync(http) : SignInPage.ShowAsync(http, forms, request, client, hasFailed: false));
            return;
        }
        if (request.IsEmergency)
        {
            if (!account.MayBreakGlass || account.FhirUser?.StartsWith("Practitioner/", StringComparison.Ordinal) != true)
            {
                await Back(request, "access_denied", "this person has no right to emergency access").WriteAsync(http);
                return;
            }
            if (!Emergencies.IsReason(request.Reason))
            {
                await (request.IsSilent
                    ? Back(request, "interaction_required", "the person has to say why").WriteAsync(http)
                    : BreakGlassPage.ShowAsync(http, forms, request with { Reason = null }, client, account, emergencies.Duration, hasFailed: request.Reason is not null));
                return;
            }
            SignInEvent.TellEmergency(http);
            account = account with { IsInEmergency = true };
        }
        var (context, error) = await ContextAsync(request, account, http.RequestAborted);
        if (error is not null)
        {
            await error.WriteAsync(http);
            return;
        }
        if (context is null)
        {
            if (request.IsSilent)
            {
                await Back(request, "interaction_required", "a patient has to be picked").WriteAsync(http);
                return;
            }
            var found = await patients.FindAsync(account, name, http.RequestAborted);
            SignInEvent.Show(http, found.Select(patient => patient.Id));
            await PickerPage.ShowAsync(http, forms, request, client, account, name, found);
            return;
        }
        if (IsEncounterWanted(request, context) && await encounters.FindAsync(account, context.Patient!, http.RequestAborted) is { Count: > 0 } visits)
        {
            Show(http, request, context);
            await (request.IsSilent
                ? Back(request, "interaction_required", "a visit has to be picked").WriteAsync(http)
                : EncounterPage.ShowAsync(http, forms, request, client, await patients.DescribeAsync(account, context.Patient!, http.RequestAborted), visits));
            return;
        }
        var offered = Offered(request, account, context);
        var granted = decision is null ? null : ConsentChoice.Of(decision, offered);
        if (granted is null)
        {
            var patient = context.Patient is null ? null : await patients.DescribeAsync(account, context.Patient, http.RequestAborted);
            Show(http, request, context);
            var visit = context is { Encounter: { } encounter, Patient: { } whose } ? await encounters.DescribeAsync(account, encounter, whose, http.RequestAborted) : null;
            await (request.IsSilent
                ? Back(request, "consent_required", "the person has to be asked").WriteAsync(http)
                : ConsentPage.ShowAsync(http, forms, request, client, account, offered, await authorizations.LastConsentAsync(account.Id, client.Id, http.RequestAborted), patient, visit, (int)settings.RefreshLifetime.TotalDays));
            return;
        }
        await (await FinishAsync(request, client, session, account, context, offered, granted, http.RequestAborted)).WriteAsync(http);
    }

    // A page says whom it is about; an answer without one does not.
    private static void Show(HttpContext http, AuthorizationRequest request, LaunchContext context)
    {
        if (context.Patient is { } patient && !request.IsSilent)
        {
            SignInEvent.Show(http, [patient]);
        }
    }

    /// <summary>Where the app was opened and for whom; null if a patient has to be picked.</summary>
    private async Task<(LaunchContext? Context, Redirection? Error)> ContextAsync(AuthorizationRequest request, Account account, CancellationToken cancellationToken)
    {
        var context = LaunchContext.None;
        if (request.Launch is { } launch)
        {
            if (await launches.FindAsync(SmartClient.Hash(launch), request.ClientId, cancellationToken) is not var (json, fhirUser)
                || (fhirUser is not null && fhirUser != account.FhirUser))
            {
                return (null, Back(request, "invalid_request", "the launch is unknown, was used, is too old or is for somebody else"));
            }
            context = LaunchContext.Parse(json);
        }
        if (request.PurposeOfUse is { } purpose)
        {
            if (context.PurposeOfUse is { } given && given != purpose)
            {
                return (null, Back(request, "invalid_request", "the app was opened for another purpose of use"));
            }
            context = context.WithPurposeOfUse(purpose);
        }
        var patient = context.Patient ?? request.Patient ?? (account.FhirUser?.StartsWith("Patient/", StringComparison.Ordinal) == true ? account.FhirUser["Patient/".Length..] : null);
        var encounter = context.Encounter ?? (request is { Launch: null, Encounter.Length: > 0 } ? request.Encounter : null);
        var isNeeded = ScopeCut.Has(request.Scope, "launch/patient") || (request.Launch is null && ScopeCut.Has(request.Scope, "launch/encounter")) || SmartScopes.Parse(request.Scope).Rules.Any(r => r.Context == AccessContext.Patient);
        if (patient is null)
        {
            return !isNeeded ? (context, null)
                : patients.ReachOf(account) is null ? (null, Back(request, "access_denied", "there is no patient whom this person may see"))
                : (null, null);
        }
        if (context.Patient is null && !isNeeded)
        {
            return (context, null);
        }
        // Nobody can hand on more than they have.
        return !await patients.MaySeeAsync(account, patient, cancellationToken)
            || (encounter is not null && await encounters.DescribeAsync(account, encounter, patient, cancellationToken) is null)
            ? (null, Back(request, "access_denied", "this person may not see what the app was opened for"))
            : (encounter is null ? context.WithPatient(patient) : context.WithPatient(patient).WithEncounter(encounter), null);
    }

    // A system that opens an app says itself on which visit; an app that was opened by a person asks that person.
    private static bool IsEncounterWanted(AuthorizationRequest request, LaunchContext context) =>
        request is { Launch: null, Encounter: null } && context is { Patient: not null, Encounter: null } && ScopeCut.Has(request.Scope, "launch/encounter");

    // What means nothing here is not asked about: a user's scopes where the user has no rights, an encounter where there is none.
    private string Offered(AuthorizationRequest request, Account account, LaunchContext context) => string.Join(' ', request.Scope.Split(' ').Where(word =>
        !(request.IsEmergency && word is "offline_access" or "online_access")
        && (word != "launch/encounter" || context.Encounter is not null)
        && (word != "launch" || request.Launch is not null)
        && !SiteScopes.All.Contains(word)
        && (SmartScopes.Parse(word).Rules is not [{ Context: AccessContext.User }] || patients.ReachOf(account) is not null)));

    private async Task<Redirection> FinishAsync(
        AuthorizationRequest request, SmartClient client, Session session, Account account, LaunchContext context, string offered, string granted, CancellationToken cancellationToken)
    {
        if (granted.Length == 0 || SmartScopes.Parse(granted).Rules.IsEmpty && !ScopeCut.Has(granted, "openid"))
        {
            return Back(request, "access_denied", "the person did not allow anything");
        }
        if (request.Launch is { } launch && !await launches.TryUseAsync(SmartClient.Hash(launch), request.ClientId, cancellationToken))
        {
            return Back(request, "invalid_request", "the launch was used");
        }
        var now = clock.GetUtcNow();
        var outlives = ScopeCut.Has(granted, "offline_access");
        var code = Secret.Create();
        var authorization = new Authorization(
            Guid.NewGuid(), client.Id, account.Id, granted, context.ToString(), session.SignedInAt, request.IsEmergency ? now + emergencies.Duration : outlives ? now + settings.RefreshLifetime : now + SessionStore.Longest)
        {
            Session = outlives ? null : session.Id,
            Offered = offered,
            Nonce = request.Nonce,
        };
        if (request.IsEmergency && !await emergencies.BeginAsync(account, client.Id, authorization.Id, request.Reason!, cancellationToken))
        {
            return Back(request, "access_denied", "this person has no right to emergency access");
        }
        await authorizations.AddAsync(authorization, code.Hash, request.RedirectUri, request.Challenge, CodeLife, cancellationToken);
        return Redirection.Of(settings, request, code.Value);
    }

    private Redirection Back(AuthorizationRequest request, string error, string description) => Redirection.Of(settings, request.RedirectUri, request.State, error, description);
}
