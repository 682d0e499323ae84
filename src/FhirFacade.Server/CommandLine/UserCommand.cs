using System.CommandLine;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Storage.Accounts;
using FhirFacade.Storage.Authorizations;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Server.CommandLine;

/// <summary><c>fhirfacade user add|list|password|second-factor|break-glass|disable|enable</c>: the people who may sign in. Passwords are read from standard input, never from the command line.</summary>
internal static class UserCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "what is typed to sign in", HelpName = "NAME" };
    private static readonly Option<string?> Display = new("--display") { Description = "what pages call the person", HelpName = "TEXT" };
    private static readonly Option<string?> FhirUser = new("--fhir-user") { Description = "the resource that is this person: Practitioner/1, Patient/2, RelatedPerson/3", HelpName = "REFERENCE" };
    private static readonly Option<bool> Remove = new("--remove") { Description = "take it away" };

    private static readonly Option<bool> MayBreakGlass = new("--break-glass") { Description = "may see more than usual in an emergency, once they have said why" };

    public static Command Create()
    {
        var add = new Command("add", "Make an account; the password is read from standard input.") { Name, Display, FhirUser, MayBreakGlass };
        add.SetAction((line, stop) => WithPeopleAsync(line, (people, _, dataSource) => AddAsync(line, people, dataSource, stop)));
        var list = new Command("list", "List the accounts.");
        list.SetAction((line, stop) => WithPeopleAsync(line, (_, store, _) => ListAsync(store, stop)));
        var password = new Command("password", "Set a password, read from standard input; that ends a lock, all sessions, and what apps were allowed.") { Name };
        password.SetAction((line, stop) => WithAccountAsync(line, async (account, people, dataSource) =>
        {
            await people.SetPasswordAsync(account, ReadPassword(), stop);
            await EndSessionsAsync(line, account, dataSource, stop);
        }, stop));
        var factor = new Command("second-factor", "Ask for a one-time code as well; prints what an authenticator app reads.") { Name, Remove };
        factor.SetAction((line, stop) => WithAccountAsync(line, async (account, people, dataSource) =>
        {
            if (line.GetValue(Remove))
            {
                await new AccountStore(dataSource).SetSecondFactorAsync(account.Id, null, stop);
                return;
            }

            Console.WriteLine(await people.AddSecondFactorAsync(account, stop));
        }, stop));
        var breakGlass = new Command("break-glass", "Let a person see more than usual in an emergency, or take that right away; what is under way ends with it.") { Name, Remove };
        breakGlass.SetAction((line, stop) => WithAccountAsync(line, (account, _, dataSource) => new BreakGlassStore(dataSource).SetRightAsync(account.Id, !line.GetValue(Remove), stop), stop));
        var disable = new Command("disable", "Close an account; its sessions and tokens, and what apps were allowed, end at once.") { Name };
        disable.SetAction((line, stop) => WithAccountAsync(line, async (account, _, dataSource) =>
        {
            await new AccountStore(dataSource).ChangeAsync(account.Id, null, null, true, stop);
            await EndSessionsAsync(line, account, dataSource, stop);
        }, stop));
        var enable = new Command("enable", "Open an account again.") { Name };
        enable.SetAction((line, stop) => WithAccountAsync(line, (account, _, dataSource) => new AccountStore(dataSource).ChangeAsync(account.Id, null, null, false, stop), stop));
        return new("user", "Manage the people who may sign in.") { add, list, password, factor, breakGlass, disable, enable };
    }

    private static async Task<int> WithPeopleAsync(ParseResult line, Func<People, AccountStore, NpgsqlDataSource, Task<int>> action)
    {
        await using var dataSource = DataSources.Create(Settings.Database(line));
        var settings = SmartSettings.From(Settings.LoadForRunning(line).Options);
        var store = new AccountStore(dataSource);
        return await action(new People(store, SecretBox.Of(settings), settings, TimeProvider.System), store, dataSource);
    }

    private static Task<int> WithAccountAsync(ParseResult line, Func<Account, People, NpgsqlDataSource, Task> action, CancellationToken cancellationToken) => WithPeopleAsync(line, async (people, store, dataSource) =>
    {
        var account = await store.FindAsync(line.GetValue(Name)!, cancellationToken) ?? throw new StartupException("there is no such account; see: user list");
        await action(account, people, dataSource);
        return 0;
    });

    private static async Task<int> AddAsync(ParseResult line, People people, NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var name = line.GetValue(Name)!;
        var (user, display) = (line.GetValue(FhirUser), line.GetValue(Display) ?? line.GetValue(Name)!);
        if (AccountRules.Broken(name, display, null, user) is { Length: > 0 } broken)
        {
            throw new StartupException(broken);
        }

        if (await people.AddAsync(name, display, ReadPassword(), user, demo: false, cancellationToken) is not { } account)
        {
            throw new StartupException("there is such an account already");
        }

        if (line.GetValue(MayBreakGlass))
        {
            await new BreakGlassStore(dataSource).SetRightAsync(account.Id, true, cancellationToken);
        }

        Console.WriteLine($"{name} may sign in{(user is null ? "; without --fhir-user there is no patient whom they may see" : "")}");
        return 0;
    }

    private static async Task<int> ListAsync(AccountStore store, CancellationToken cancellationToken)
    {
        foreach (var account in await store.ListAsync(cancellationToken))
        {
            var state = account.IsDisabled ? "closed" : account.LockedUntil > DateTimeOffset.UtcNow ? "locked" : account.IsDemo ? "demo" : "open";
            Console.WriteLine($"{account.UserName,-20}  {state,-6}  {(account.SecondFactor is null ? "password" : "password, code"),-14}  {account.FhirUser,-30}  {(account.MayBreakGlass ? "break-glass" : ""),-11}  {account.DisplayName}".TrimEnd());
        }

        return 0;
    }

    private static async Task EndSessionsAsync(ParseResult line, Account account, NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var revoked = new RevokedTokens(new RevocationStore(dataSource), SmartSettings.From(Settings.Load(line)), TimeProvider.System);
        await new SignOut(new SessionStore(dataSource), new AuthorizationStore(dataSource), revoked).EndAsync(account.Id, cancellationToken);
    }

    private static string ReadPassword()
    {
        if (!Console.IsInputRedirected)
        {
            Console.Error.Write("password: ");
        }

        var password = Console.ReadLine() ?? "";
        return password.Length >= People.ShortestPassword ? password : throw new StartupException($"a password has at least {People.ShortestPassword} characters");
    }
}
