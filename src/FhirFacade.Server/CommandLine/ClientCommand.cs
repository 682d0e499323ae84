using System.CommandLine;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Authorizations;
using FhirFacade.Storage.Clients;
using FhirFacade.Storage.Schema;

namespace FhirFacade.Server.CommandLine;

/// <summary><c>fhirfacade client add|list|secret|disable|enable</c>: the apps and systems that may ask for tokens.</summary>
internal static class ClientCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "its client_id", HelpName = "ID" };
    private static readonly Option<string?> Name = new("--name") { Description = "what people are told it is called", HelpName = "NAME" };
    private static readonly Option<string> Scope = new("--scope") { Description = "the widest scope it may be given", HelpName = "SCOPES", Required = true };
    private static readonly Option<string[]> Redirect = new("--redirect") { Description = "where browsers are sent back to, exactly; may be given several times", HelpName = "URI" };
    private static readonly Option<string?> Launch = new("--launch-url") { Description = "where an EHR launch begins", HelpName = "URL" };
    private static readonly Option<bool> WithSecret = new("--secret") { Description = "give it a secret, which is shown once" };
    private static readonly Option<FileInfo?> Jwks = new("--jwks") { Description = "its public keys (a JWKS)", HelpName = "FILE" };
    private static readonly Option<string?> JwksUrl = new("--jwks-url") { Description = "where its public keys are", HelpName = "URL" };

    public static Command Create()
    {
        var add = new Command("add", "Register a client: with --secret, --jwks or --jwks-url, or none of them for one that can keep no secret.") { Id, Name, Scope, Redirect, Launch, WithSecret, Jwks, JwksUrl };
        add.SetAction((line, stop) => WithStoreAsync(line, (store, _) => AddAsync(line, store, stop)));
        var list = new Command("list", "List the registered clients.");
        list.SetAction((line, stop) => WithStoreAsync(line, (store, _) => ListAsync(store, stop)));
        var secret = new Command("secret", "Give a client another secret; the one before is of no use any more.") { Id };
        secret.SetAction((line, stop) => WithStoreAsync(line, (store, _) => SecretAsync(line, store, stop)));
        var disable = new Command("disable", "Close a client; its tokens end at once.") { Id };
        disable.SetAction((line, stop) => WithStoreAsync(line, (store, revoked) => SetDisabledAsync(line, store, revoked, true, stop)));
        var enable = new Command("enable", "Open a client again.") { Id };
        enable.SetAction((line, stop) => WithStoreAsync(line, (store, revoked) => SetDisabledAsync(line, store, revoked, false, stop)));
        return new("client", "Register the apps and systems that may ask for tokens.") { add, list, secret, disable, enable };
    }

    private static async Task<int> WithStoreAsync(ParseResult line, Func<ClientStore, RevokedTokens, Task<int>> action)
    {
        await using var dataSource = DataSources.Create(Settings.Database(line));
        var settings = SmartSettings.From(Settings.Load(line));
        return await action(new ClientStore(dataSource), new RevokedTokens(new RevocationStore(dataSource), settings, TimeProvider.System));
    }

    private static async Task<int> AddAsync(ParseResult line, ClientStore store, CancellationToken cancellationToken)
    {
        var (file, url, withSecret) = (line.GetValue(Jwks), line.GetValue(JwksUrl), line.GetValue(WithSecret));
        if (new[] { file is not null, url is not null, withSecret }.Count(given => given) > 1)
        {
            throw new StartupException("a client proves who it is in one way: --secret, --jwks or --jwks-url");
        }

        var id = line.GetValue(Id)!;
        var secret = withSecret ? Secret.Create() : null;
        var client = new RegisteredClient(id, line.GetValue(Name) ?? id, secret is not null ? ClientKind.Symmetric : file is not null || url is not null ? ClientKind.Asymmetric : ClientKind.Public, line.GetValue(Scope)!)
        {
            RedirectUris = [.. line.GetValue(Redirect) ?? []],
            LaunchUrl = line.GetValue(Launch),
            SecretHash = secret?.Hash,
            Jwks = file is null ? null : await File.ReadAllTextAsync(file.FullName, cancellationToken),
            JwksUrl = url,
        };
        var broken = ClientRules.Broken(client, SmartSettings.From(Settings.Load(line)).AllowPrivateNetworks).ToList();
        if (broken.Count > 0)
        {
            throw new StartupException("not registered: " + string.Join("; ", broken));
        }

        if (!await store.AddAsync(client, cancellationToken))
        {
            throw new StartupException($"not registered: there is a client {id} already");
        }

        Console.WriteLine($"{id} registered ({client.Kind.ToString().ToLowerInvariant()})");
        WriteSecret(secret);
        return 0;
    }

    private static async Task<int> ListAsync(ClientStore store, CancellationToken cancellationToken)
    {
        foreach (var client in await store.ListAsync(cancellationToken))
        {
            Console.WriteLine($"{client.Id,-30}  {client.Kind.ToString().ToLowerInvariant(),-10}  {(client.IsDisabled ? "closed" : client.IsSelfRegistered ? "itself" : "open"),-6}  {client.Name}  {client.Scope}");
        }

        return 0;
    }

    private static async Task<int> SecretAsync(ParseResult line, ClientStore store, CancellationToken cancellationToken)
    {
        var secret = Secret.Create();
        if (!await store.SetSecretAsync(line.GetValue(Id)!, secret.Hash, cancellationToken))
        {
            throw new StartupException("there is no such client with a secret; see: client list");
        }

        WriteSecret(secret);
        return 0;
    }

    private static async Task<int> SetDisabledAsync(ParseResult line, ClientStore store, RevokedTokens revoked, bool disabled, CancellationToken cancellationToken)
    {
        var id = line.GetValue(Id)!;
        if (!await store.SetDisabledAsync(id, disabled, cancellationToken))
        {
            throw new StartupException("there is no such client; see: client list");
        }

        if (disabled)
        {
            await revoked.RevokeClientAsync(id, cancellationToken);
        }

        Console.WriteLine($"{id} {(disabled ? "closed" : "open")}");
        return 0;
    }

    private static void WriteSecret(Secret? secret)
    {
        if (secret is not null)
        {
            Console.WriteLine($"secret {secret.Value}");
            Console.Error.WriteLine("It is shown this once: only its hash is kept.");
        }
    }
}
