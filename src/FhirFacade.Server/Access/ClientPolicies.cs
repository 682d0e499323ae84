using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Sensitivity;
using FhirFacade.Server.Access.BreakGlass;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Access;

/// <summary>The policies of all clients, as the site has set them.</summary>
public sealed class ClientPolicies
{
    private const string AnyClient = "*";

    private readonly FrozenDictionary<string, ClientPolicy> byClient;
    private readonly ImmutableArray<string> purposes;
    private readonly SensitivePolicy sensitive;

    private ClientPolicies(IEnumerable<ClientPolicy> policies, ImmutableArray<string> purposes, SensitivePolicy sensitive)
    {
        this.sensitive = sensitive;
        byClient = policies.ToFrozenDictionary(policy => policy.Client, StringComparer.Ordinal);
        this.purposes = purposes.IsEmpty ? [PurposeOfUse.Treatment] : purposes;
    }

    /// <summary>No policy: what a token opens is open.</summary>
    public static ClientPolicies None { get; } = new([], [], new SensitivePolicy(SensitiveAccess.Open, SensitivityRules.BuiltIn));

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
        if (!options.PurposesOfUse.All(PurposeOfUse.IsKnown))
        {
            throw new StartupException("Access:PurposesOfUse: a purpose is a code below PurposeOfUse of v3-ActReason");
        }
        var rules = SensitivePolicy.Rules(options);
        if (options.Policies.SelectMany(policy => policy.SensitiveCategories).FirstOrDefault(name => name != AnyClient && !name.Contains(':', StringComparison.Ordinal) && !rules.Categories.Any(category => category.Name == name)) is { } unknown)
        {
            throw new StartupException($"Access:Policies: SensitiveCategories: there is no category {unknown}");
        }
        return options.Policies.DistinctBy(policy => policy.Client).Count() == options.Policies.Count
            ? new ClientPolicies(options.Policies.Select(ClientPolicy.From), [.. options.PurposesOfUse], new SensitivePolicy(options.SensitiveCategories, rules))
            : throw new StartupException("Access:Policies names a client twice");
    }

    /// <summary>What a client's policy leaves of a grant, for what its requests are for that do not say.</summary>
    public AccessGrant Apply(AccessGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        var policy = PolicyOf(grant.ClientId);
        return Left(policy, grant, PurposesOfUse.Of(Claimable(policy, grant).Take(1)));
    }

    /// <summary>
    /// The same for a purpose that the client names: null if its policy, or the token, does not let it want data for that. A token that says what it is for is for nothing
    /// else.
    /// </summary>
    public AccessGrant? Apply(AccessGrant grant, string purpose)
    {
        ArgumentNullException.ThrowIfNull(grant);
        var policy = PolicyOf(grant.ClientId);
        return Claimable(policy, grant).Contains(purpose, StringComparer.Ordinal) ? Left(policy, grant, PurposesOfUse.Of(purpose)) : null;
    }

    /// <summary>Whether a client may want data for the purpose.</summary>
    public bool MayClaim(string client, string purpose) => Apply(AccessGrant.Nothing with { ClientId = client }, purpose) is not null;

    /// <summary>Whether people with the right may break the glass through a client: only where its own policy lists <c>BTG</c>.</summary>
    public bool MayBreakGlass(string client) => PolicyOf(client) is { } policy && policy.Purposes.Contains(PurposeOfUse.BreakTheGlass, StringComparer.Ordinal);

    /// <summary>
    /// What a grant opens in an emergency: what it opens otherwise, and for reading the records of every patient, of the same types and with the same elements hidden.
    /// </summary>
    internal AccessGrant Widen(AccessGrant grant, UserReach everyone, BreakGlassOptions options)
    {
        const Interactions Reading = Interactions.Read | Interactions.Search;
        var policy = PolicyOf(grant.ClientId);
        var left = policy?.Apply(grant) ?? grant;
        var wider = left.Rules.Where(rule => rule.Context == AccessContext.User).Select(rule => rule with { Interactions = rule.Interactions & Reading, Reach = everyone });
        left = left with
        {
            Rules = [.. left.Rules, .. wider.Where(rule => rule.Interactions != Interactions.None)],
            Denials = options.OverridesLabels ? grant.Denials : left.Denials,
            Consent = options.OverridesConsent ? ConsentMode.Off : left.Consent,
            Purposes = PurposesOfUse.Of(PurposeOfUse.BreakTheGlass),
        };
        return options.OverridesLabels ? left : sensitive.Apply(left, policy?.SensitiveCategories ?? []);
    }

    private AccessGrant Left(ClientPolicy? policy, AccessGrant grant, PurposesOfUse purpose) =>
        sensitive.Apply((policy?.Apply(grant) ?? grant) with { Purposes = purpose }, policy?.SensitiveCategories ?? []);

    // Patients who look at their own record ask on their own behalf. That somebody broke the glass is not a matter of what they say.
    private IEnumerable<string> Claimable(ClientPolicy? policy, AccessGrant grant)
    {
        IEnumerable<string> all = policy is { Purposes.IsEmpty: false } ? policy.Purposes : grant.User is { Type: "Patient" } ? [PurposeOfUse.PatientRequest, .. purposes] : purposes;
        return all.Where(purpose => purpose != PurposeOfUse.BreakTheGlass && grant.Purposes.Allow(purpose));
    }

    private ClientPolicy? PolicyOf(string client) => byClient.GetValueOrDefault(client) ?? byClient.GetValueOrDefault(AnyClient);
}
