using System.Collections.Immutable;
using System.Text;
using FhirFacade.Storage.Authorizations;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace FhirFacade.Server.Smart;

/// <summary>The keys of this server: one of each kind signs, every one that has signed a token which is still good is published and believed.</summary>
/// <remarks>
/// They are in the database, the private halves sealed. An instance that cannot open the keys of the others, because it does not share
/// their key directory, signs with keys of its own; all believe all.
/// </remarks>
public sealed class SigningKeys(SigningKeyStore store, SecretBox box, SmartSettings settings, TimeProvider clock) : IDisposable
{
    /// <summary>How long tokens are good still that a key has signed which was replaced: no token lives longer.</summary>
    public static readonly TimeSpan BelievedAfterRotation = TimeSpan.FromHours(1) + TimeSpan.FromMinutes(5);

    private const string Access = SecurityAlgorithms.EcdsaSha384;
    private const string Identity = SecurityAlgorithms.RsaSha256;

    private readonly SemaphoreSlim loading = new(1);
    private readonly Dictionary<string, SigningKey> opened = [];
    private ImmutableDictionary<string, JsonWebKey> published = ImmutableDictionary<string, JsonWebKey>.Empty;
    private SigningKey? access;
    private SigningKey? identity;

    /// <summary>Signs access tokens.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been loaded yet.</exception>
    public SigningKey AccessKey => access ?? throw new InvalidOperationException("the signing keys are not loaded");

    /// <summary>Signs id_tokens.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been loaded yet.</exception>
    public SigningKey IdentityKey => identity ?? throw new InvalidOperationException("the signing keys are not loaded");

    /// <summary>The public halves of all keys that are believed, as JSON (RFC 7517).</summary>
    public IReadOnlyList<string> PublishedText { get; private set; } = [];

    /// <summary>The key of this id that may have signed an access token; none for any other id.</summary>
    public IEnumerable<SecurityKey> ForAccess(string? kid) =>
        kid is not null && published.TryGetValue(kid, out var key) && key.Alg == Access ? [key] : [];

    /// <summary>Reads the keys, makes those that are missing, and replaces those that have signed long enough.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await loading.WaitAsync(cancellationToken);
        try
        {
            await LoadStoredAsync(cancellationToken);
        }
        catch (NpgsqlException) when (access is null)
        {
            // Until the database is there, or takes writes, this instance has keys of its own, which nobody else believes.
            (access, identity) = (SigningKey.Create(Access), SigningKey.Create(Identity));
            SigningKey[] own = [access, identity];
            foreach (var key in own)
            {
                opened[key.PublicKey.Kid] = key;
            }
            published = own.ToImmutableDictionary(k => k.PublicKey.Kid, k => k.PublicKey);
            PublishedText = [.. own.Select(k => k.ToJwk())];
            throw;
        }
        finally
        {
            loading.Release();
        }
    }

    /// <summary>Makes new keys and retires those that sign now.</summary>
    /// <param name="believedFor">How long tokens of the retired ones are good still; zero where a key has become known to others: then those that were retired before end, too.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    public async Task RotateAsync(TimeSpan believedFor, CancellationToken cancellationToken)
    {
        var keys = await store.ReadAsync(cancellationToken);
        await store.RetireAsync([.. keys.Where(k => !k.IsRetired || believedFor == TimeSpan.Zero).Select(k => k.Kid)], believedFor, cancellationToken);
        await LoadAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        loading.Dispose();
        foreach (var key in opened.Values)
        {
            key.Dispose();
        }
    }

    private async Task LoadStoredAsync(CancellationToken cancellationToken)
    {
        var keys = await ReadAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var tooOld = keys.Where(k => !k.IsRetired && opened.ContainsKey(k.Kid) && now - k.CreatedAt > settings.KeyLifetime).Select(k => k.Kid).ToList();
        if (await MakeMissingAsync(keys.Where(k => !tooOld.Contains(k.Kid)), cancellationToken))
        {
            await store.RetireAsync(tooOld, settings.TokenLifetime + TimeSpan.FromMinutes(5), cancellationToken);
            keys = await ReadAsync(cancellationToken);
        }
        Use(keys);
    }

    private async Task<IReadOnlyList<StoredKey>> ReadAsync(CancellationToken cancellationToken)
    {
        var keys = await store.ReadAsync(cancellationToken);
        foreach (var key in keys.Where(k => !opened.ContainsKey(k.Kid)))
        {
            if (box.Open(key.Sealed, Purpose(key.Kid)) is { } pkcs8)
            {
                opened[key.Kid] = SigningKey.Import(key.Algorithm, pkcs8);
            }
        }
        return keys;
    }

    private async Task<bool> MakeMissingAsync(IEnumerable<StoredKey> keys, CancellationToken cancellationToken)
    {
        var missing = new[] { Access, Identity }.Except(keys.Where(k => !k.IsRetired && opened.ContainsKey(k.Kid)).Select(k => k.Algorithm)).ToList();
        foreach (var algorithm in missing)
        {
            using var key = SigningKey.Create(algorithm);
            await store.AddAsync(key.PublicKey.Kid, algorithm, key.ToJwk(), box.Seal(key.Export(), Purpose(key.PublicKey.Kid)), cancellationToken);
        }
        return missing.Count > 0;
    }

    private void Use(IReadOnlyList<StoredKey> keys)
    {
        PublishedText = [.. keys.Select(k => k.Jwk)];
        published = keys.ToImmutableDictionary(k => k.Kid, k => new JsonWebKey(k.Jwk));
        access = opened[keys.First(k => k.Algorithm == Access && !k.IsRetired && opened.ContainsKey(k.Kid)).Kid];
        identity = opened[keys.First(k => k.Algorithm == Identity && !k.IsRetired && opened.ContainsKey(k.Kid)).Kid];
    }

    private static byte[] Purpose(string kid) => Encoding.UTF8.GetBytes("signing key " + kid);
}
