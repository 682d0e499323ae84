using System.Text;
using FhirFacade.Storage.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FhirFacade.Server.Smart.Accounts;

/// <summary>The people who may sign in: their passwords, second factors and locks.</summary>
public sealed class People(AccountStore store, SecretBox box, SmartSettings settings, TimeProvider clock)
{
    /// <summary>The fewest characters of a password (NIST SP 800-63B asks for 8 where there may be a second factor, for 15 where there is none).</summary>
    public const int ShortestPassword = 12;

    /// <summary>The most.</summary>
    public const int LongestPassword = 512;

    private static readonly PasswordHasher<Account> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));

    // Somebody who does not exist takes as long to refuse as somebody who does.
    private static readonly Account Nobody = new(Guid.Empty, "", "", Hasher.HashPassword(null!, Secret.Create().Value), null);

    /// <summary>Makes an account.</summary>
    /// <returns>The account, or null if the name is taken.</returns>
    public async Task<Account?> AddAsync(string userName, string displayName, string password, string? fhirUser, bool demo, CancellationToken cancellationToken)
    {
        var account = new Account(Guid.NewGuid(), userName, displayName, Hasher.HashPassword(null!, password), fhirUser) { IsDemo = demo };
        return await store.AddAsync(account, cancellationToken) ? account : null;
    }

    /// <summary>Sets another password, which ends a lock.</summary>
    public Task SetPasswordAsync(Account account, string password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        return store.ChangeAsync(account.Id, Hasher.HashPassword(account, password), null, null, cancellationToken);
    }

    /// <summary>Gives an account a new second factor.</summary>
    /// <returns>What its owner's authenticator app is to read, once.</returns>
    public async Task<string> AddSecondFactorAsync(Account account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        var secret = Totp.NewSecret();
        await store.SetSecondFactorAsync(account.Id, box.Seal(secret, Purpose(account)), cancellationToken);
        return Totp.Link(secret, account.UserName);
    }

    /// <summary>
    /// Who it is that gave name, password and code; null for any reason whatever: which one it was is for nobody to know. Every
    /// attempt counts before it is judged, so that many at once are no way around the lock.
    /// </summary>
    public async Task<Account?> RecognizeAsync(string userName, string password, string code, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(password);
        var account = password.Length > LongestPassword || userName.Contains('\0', StringComparison.Ordinal) ? null : await store.FindAsync(userName, cancellationToken);
        var mayTry = account is { IsDisabled: false } && (settings.Demo || !account.IsDemo) && await store.TryAttemptAsync(account.Id, cancellationToken);
        var right = Hasher.VerifyHashedPassword(account ?? Nobody, (account ?? Nobody).PasswordHash, password.Length > LongestPassword ? "" : password) != PasswordVerificationResult.Failed;
        if (account is null || !mayTry || !right || !await PassesAsync(account, code, cancellationToken))
        {
            return null;
        }
        await store.SucceededAsync(account.Id, cancellationToken);
        return account;
    }

    /// <summary>The account, if its owner may still be signed in.</summary>
    public async Task<Account?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { IsDisabled: false } account && (settings.Demo || !account.IsDemo) ? account : null;

    private async Task<bool> PassesAsync(Account account, string code, CancellationToken cancellationToken)
    {
        if (account.SecondFactor is not { } content)
        {
            return true;
        }
        return box.Open(content, Purpose(account)) is { } secret
            && Totp.StepOf(secret, code.Replace(" ", "", StringComparison.Ordinal), clock.GetUtcNow()) is { } step
            && await store.TryUseStepAsync(account.Id, step, cancellationToken);
    }

    private static byte[] Purpose(Account account) => Encoding.UTF8.GetBytes($"second factor {account.Id:N}");
}
