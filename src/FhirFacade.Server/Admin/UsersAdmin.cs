using System.Text.Json.Nodes;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Storage.Accounts;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Admin;

/// <summary><c>/admin/users</c>: the people who may sign in.</summary>
internal sealed class UsersAdmin(AccountStore store, People people, SignOut signOut, TimeProvider clock)
{
    public void Map(AdminEndpoints.Routes admin)
    {
        admin.Map("GET", "/users", ListAsync);
        admin.Map("POST", "/users", AddAsync);
        admin.Map("GET", "/users/{name}", http => WithAsync(http, account => AdminAnswer.WriteAsync(http, Describe(account))));
        admin.Map("PATCH", "/users/{name}", http => WithAsync(http, account => ChangeAsync(http, account)));
        admin.Map("POST", "/users/{name}/password", http => WithAsync(http, account => SetPasswordAsync(http, account)));
        admin.Map("POST", "/users/{name}/second-factor", http => WithAsync(http, async account =>
            await AdminAnswer.WriteAsync(http, new JsonObject { ["link"] = await people.AddSecondFactorAsync(account, http.RequestAborted) }, StatusCodes.Status201Created)));
        admin.Map("DELETE", "/users/{name}/second-factor", http => DoAsync(http, account => store.SetSecondFactorAsync(account.Id, null, http.RequestAborted)));
        admin.Map("POST", "/users/{name}/disable", http => DoAsync(http, async account =>
        {
            await store.ChangeAsync(account.Id, null, null, true, http.RequestAborted);
            await signOut.EndAsync(account.Id, http.RequestAborted);
        }));
        admin.Map("POST", "/users/{name}/enable", http => DoAsync(http, account => store.ChangeAsync(account.Id, null, null, false, http.RequestAborted)));
        admin.Map("POST", "/users/{name}/unlock", http => DoAsync(http, account => store.SucceededAsync(account.Id, http.RequestAborted)));
        admin.Map("POST", "/users/{name}/sign-out", http => DoAsync(http, account => signOut.EndAsync(account.Id, http.RequestAborted)));
    }

    private async Task ListAsync(HttpContext http) =>
        await AdminAnswer.WriteAsync(http, new JsonObject { ["users"] = new JsonArray([.. (await store.ListAsync(http.RequestAborted)).Select(Describe)]) });

    private async Task AddAsync(HttpContext http)
    {
        if (await AdminAnswer.ReadAsync(http, "userName", "displayName", "password", "fhirUser") is not { } said)
        {
            return;
        }
        var (name, password, user) = (AdminAnswer.Text(said, "userName") ?? "", AdminAnswer.Text(said, "password") ?? "", AdminAnswer.Text(said, "fhirUser"));
        var display = AdminAnswer.Text(said, "displayName") ?? name;
        var broken = AdminAnswer.AreTexts(said, "userName", "displayName", "password", "fhirUser") ? AccountRules.Broken(name, display, password, user) : "every member is a text";
        if (broken.Length > 0)
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, broken);
            return;
        }
        if (await people.AddAsync(name, display, password, user, demo: false, http.RequestAborted) is not { } account)
        {
            await Problem.WriteAsync(http, StatusCodes.Status409Conflict, "there is such an account already");
            return;
        }
        await AdminAnswer.WriteAsync(http, Describe(account), StatusCodes.Status201Created);
    }

    // A token says who its person is: whoever becomes somebody else begins anew.
    private async Task ChangeAsync(HttpContext http, Account account)
    {
        if (await AdminAnswer.ReadAsync(http, "displayName", "fhirUser") is not { } said)
        {
            return;
        }
        var (display, user) = (AdminAnswer.Text(said, "displayName"), AdminAnswer.Text(said, "fhirUser"));
        if (!AdminAnswer.AreTexts(said, "displayName", "fhirUser") || AccountRules.Broken(account.UserName, display ?? account.DisplayName, null, user).Length > 0)
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, "displayName is a text, fhirUser is Practitioner/ID, Patient/ID or RelatedPerson/ID");
            return;
        }
        if (display is not null)
        {
            await store.RenameAsync(account.Id, display, http.RequestAborted);
        }
        if (user is not null && user != account.FhirUser)
        {
            await store.ChangeAsync(account.Id, null, user, null, http.RequestAborted);
            await signOut.EndAsync(account.Id, http.RequestAborted);
        }
        await AdminAnswer.WriteAsync(http, Describe(account with { DisplayName = display ?? account.DisplayName, FhirUser = user ?? account.FhirUser }));
    }

    private async Task SetPasswordAsync(HttpContext http, Account account)
    {
        if (await AdminAnswer.ReadAsync(http, "password") is not { } said)
        {
            return;
        }
        var password = AdminAnswer.Text(said, "password") ?? "";
        if (AccountRules.Broken(account.UserName, account.DisplayName, password, null) is { Length: > 0 } broken)
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, broken);
            return;
        }
        await people.SetPasswordAsync(account, password, http.RequestAborted);
        await signOut.EndAsync(account.Id, http.RequestAborted);
        await AdminAnswer.DoneAsync(http);
    }

    private async Task WithAsync(HttpContext http, Func<Account, Task> action)
    {
        var name = AdminAnswer.Route(http, "name");
        var account = name.Contains('\0', StringComparison.Ordinal) ? null : await store.FindAsync(name, http.RequestAborted);
        await (account is null ? AdminAnswer.NotFoundAsync(http, "account") : action(account));
    }

    private Task DoAsync(HttpContext http, Func<Account, Task> action) => WithAsync(http, async account =>
    {
        await action(account);
        await AdminAnswer.DoneAsync(http);
    });

    private JsonObject Describe(Account account)
    {
        var json = new JsonObject
        {
            ["userName"] = account.UserName,
            ["displayName"] = account.DisplayName,
            ["state"] = account.IsDisabled ? "closed" : account.LockedUntil > clock.GetUtcNow() ? "locked" : account.IsDemo ? "demo" : "open",
            ["hasSecondFactor"] = account.SecondFactor is not null,
        };
        if (account.FhirUser is { } user)
        {
            json["fhirUser"] = user;
        }
        if (account.LockedUntil is { } until && until > clock.GetUtcNow())
        {
            json["lockedUntil"] = until.ToString("O");
        }
        return json;
    }
}
