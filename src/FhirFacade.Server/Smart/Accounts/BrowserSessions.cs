using System.Security.Claims;
using FhirFacade.Storage.Accounts;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Accounts;

/// <summary>Who has signed in with this browser: a cookie that no script can read and no other site can make the browser send along with a form.</summary>
public sealed class BrowserSessions(SessionStore store, People people, SmartSettings settings)
{
    /// <summary>The cookie's name. The prefix has browsers take it from this host by TLS only (RFC 6265bis section 4.1.3.2).</summary>
    public string CookieName => settings.IsSecure ? "__Host-fhirfacade" : "fhirfacade-session";

    /// <summary>The session and whose it is; null for none. The caller of the request is that person from then on.</summary>
    public async Task<(Session Session, Account Account)?> FindAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.Request.Cookies[CookieName] is not { Length: 43 } value
            || await store.FindAsync(SmartClient.Hash(value), http.RequestAborted) is not { } session
            || await people.FindAsync(session.Account, http.RequestAborted) is not { } account)
        {
            return null;
        }
        Recognize(http, account);
        return (session, account);
    }

    /// <summary>Starts a session of its own for this sign-in, and ends the one before it.</summary>
    public async Task<Session> StartAsync(HttpContext http, Account account, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(account);
        await EndAsync(http);
        var secret = Secret.Create();
        await store.StartAsync(secret.Hash, account.Id, http.RequestAborted);
        http.Response.Cookies.Append(CookieName, secret.Value, Cookie());
        Recognize(http, account);
        return new Session(secret.Hash, account.Id, now);
    }

    /// <summary>Ends the session of this browser, if there is one.</summary>
    public async Task EndAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (http.Request.Cookies[CookieName] is { Length: 43 } value)
        {
            await store.EndAsync(SmartClient.Hash(value), http.RequestAborted);
            http.Response.Cookies.Delete(CookieName, Cookie());
        }
    }

    // Lax: an app sends the browser here by a link, and it has to come with its session. A form of another site comes without.
    private CookieOptions Cookie() => new() { HttpOnly = true, Secure = settings.IsSecure, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };

    private static void Recognize(HttpContext http, Account account) =>
        http.User = new ClaimsPrincipal(new ClaimsIdentity([new("sub", account.Id.ToString("N")), new(ClaimTypes.NameIdentifier, account.Id.ToString("N"))], "session"));
}
