using FhirFacade.Server.Audit;
using FhirFacade.Server.Pages;
using FhirFacade.Server.Smart.Authorize;
using FhirFacade.Storage.Accounts;
using FhirFacade.Storage.Authorizations;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Accounts;

/// <summary><c>/account/apps</c>: a person sees which apps they have allowed what, and takes it back. It ends at the app's next request.</summary>
public sealed class AppsEndpoint(
    BrowserSessions sessions, People people, PersonForms forms, AuthorizationStore authorizations, ClientCatalog clients, UserPatients patients, SignOut signOut, PageLayout layout, SmartSettings settings, TimeProvider clock)
{
    /// <summary><c>GET /account/apps</c>: the list, or the form to sign in with.</summary>
    public async Task ShowAsync(HttpContext http) =>
        await (await sessions.FindAsync(http) is var (_, account) ? ListAsync(http, account, "") : SignInAsync(http, hasFailed: false));

    /// <summary><c>POST /account/sign-in</c>.</summary>
    public async Task SignInAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        await sessions.FindAsync(http);
        if (await forms.ReadAsync(http) is not { } form)
        {
            await SignInAsync(http, hasFailed: false);
            return;
        }
        if (await people.RecognizeAsync(form["user"].ToString(), form["password"].ToString(), form["code"].ToString(), http.RequestAborted) is not { } account)
        {
            SignInEvent.Tell(http, null, null);
            await SignInAsync(http, hasFailed: true);
            return;
        }
        SignInEvent.Tell(http, null, account);
        await sessions.StartAsync(http, account, clock.GetUtcNow());
        Go(http);
    }

    /// <summary><c>POST /account/apps/end</c>: takes back what one app was allowed.</summary>
    public Task EndAsync(HttpContext http) => StepAsync(http, async (form, account) =>
    {
        var name = await clients.FindAsync(form["client"], http.RequestAborted) is { } client ? client.Name : "the app";
        var isEnded = form["client"] is [{ Length: > 0 and <= 200 } id] && await signOut.EndAsync(account.Id, id, http.RequestAborted);
        await ListAsync(http, account, isEnded ? $"The access of {name} has ended." : "There was nothing to end.");
    });

    /// <summary><c>POST /account/sign-out</c>: ends the session, and what apps may do only as long as it lasts.</summary>
    public Task SignOutAsync(HttpContext http) => StepAsync(http, async (_, _) =>
    {
        await sessions.EndAsync(http);
        Go(http);
    });

    private async Task StepAsync(HttpContext http, Func<IFormCollection, Account, Task> step)
    {
        if (await sessions.FindAsync(http) is var (_, account) && await forms.ReadAsync(http) is { } form)
        {
            SignInEvent.Tell(http, null, account);
            await step(form, account);
            return;
        }
        Go(http);
    }

    // See Other: what was sent is not sent again.
    private void Go(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = layout.Root + "/account/apps";
    }

    private Task SignInAsync(HttpContext http, bool hasFailed) => layout.WriteAsync(http, new Page("Sign in", $"""
        <h1>Sign in</h1>
        <p class="lead">To see which apps you have given access to health records.</p>
        {SignInPage.Failure(hasFailed)}
        <form method="post" action="{layout.Root}/account/sign-in">
        {forms.Hidden(http)}
        {SignInPage.Fields}
        <p class="actions"><button>Sign in</button></p>
        </form>
        """)
    { IsCard = true }, hasFailed ? StatusCodes.Status403Forbidden : StatusCodes.Status200OK);

    private async Task ListAsync(HttpContext http, Account account, string news)
    {
        SignInEvent.Tell(http, null, account);
        var allowed = await authorizations.ListAsync(account.Id, http.RequestAborted);
        SignInEvent.Show(http, allowed.Select(a => LaunchContext.Parse(a.Authorization.Context).Patient).OfType<string>().Distinct());
        var apps = new List<Html>();
        foreach (var ofApp in allowed.GroupBy(a => a.Authorization.ClientId))
        {
            var name = await clients.FindAsync(ofApp.Key, http.RequestAborted) is { } client ? client.Name : "An app that is no longer registered";
            var grants = new List<Html>();
            foreach (var (authorization, at) in ofApp)
            {
                var patient = LaunchContext.Parse(authorization.Context).Patient is { } id ? await patients.DescribeAsync(account, id, http.RequestAborted) : null;
                grants.Add(AllowedText.Of(authorization, at, patient, (int)settings.RefreshLifetime.TotalDays));
            }
            var heading = $"app-{apps.Count}";
            apps.Add(Html.Of($"""
                <section aria-labelledby="{heading}">
                <h2 id="{heading}">{name}</h2>
                {grants}
                <form method="post" action="{layout.Root}/account/apps/end">
                {forms.Hidden(http)}
                <input type="hidden" name="client" value="{ofApp.Key}">
                <p class="actions"><button aria-label="End the access of {name}">End access</button></p>
                </form>
                </section>

                """));
        }
        await layout.WriteAsync(http, new Page("Your apps", $"""
            <h1>Your apps</h1>
            <p class="lead">You are signed in as {account.DisplayName}. These apps may see or change health records in your name.</p>
            <p class="{(news.Length > 0 ? "notice" : "out-of-sight")}" role="status">{news}</p>
            {(apps.Count == 0 ? Html.Of($"<p>No app has access now.</p>") : Html.Of($"{apps}"))}
            <form method="post" action="{layout.Root}/account/sign-out">
            {forms.Hidden(http)}
            <p class="actions"><button class="quiet">Sign out</button></p>
            </form>
            """)
        { IsCard = true });
    }
}
