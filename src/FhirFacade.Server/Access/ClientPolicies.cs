using System.Collections.Frozen;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Access;

/// <summary>The policies of all clients, as the site has set them.</summary>
public sealed class ClientPolicies
{
    private const string AnyClient = "*";

    private readonly FrozenDictionary<string, ClientPolicy> byClient;

    private ClientPolicies(IEnumerable<ClientPolicy> policies) => byClient = policies.ToFrozenDictionary(policy => policy.Client, StringComparer.Ordinal);

    /// <summary>No policy: what a token opens is open.</summary>
    public static ClientPolicies None { get; } = new([]);

    /// <summary>Reads the settings.</summary>
    /// <exception cref="StartupException">An entry cannot be used; the message names the setting.</exception>
    public static ClientPolicies From(AccessOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        for (var i = 0; i < options.Policies.Count; i++)
        {
            if (ClientPolicy.Problem(options.Policies[i]) is { } problem)
            {
                throw new StartupException($"Access:Policies:{i} {problem}");
            }
        }
        return options.Policies.DistinctBy(policy => policy.Client).Count() == options.Policies.Count
            ? new ClientPolicies(options.Policies.Select(ClientPolicy.From))
            : throw new StartupException("Access:Policies names a client twice");
    }

    /// <summary>What a client's policy leaves of a grant.</summary>
    public AccessGrant Apply(AccessGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return byClient.TryGetValue(grant.ClientId, out var own) ? own.Apply(grant) : byClient.TryGetValue(AnyClient, out var general) ? general.Apply(grant) : grant;
    }
}
