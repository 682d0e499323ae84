using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Tests.Search;
using FhirFacade.TestSupport;

namespace FhirFacade.Storage.Tests.OverHttp;

/// <summary>Somebody with a token who asks for something, all by one seed; and what the token opens, in the words of the store.</summary>
internal sealed class RandomRequest
{
    private readonly string? purpose;
    private readonly string scopes;

    public RandomRequest(NaiveSearch naive, int seed, ConsentMode mode, string[] purposes, string label)
    {
        Seed = seed;
        var (query, random) = (new RandomQuery(naive, seed), new Random(seed));
        Type = query.Type();
        var granted = query.Grant(Type);
        scopes = string.Join(' ', granted.Rules.Select(rule => rule.ToScope()));
        var user = random.Next(6) switch { 0 or 1 => $"Practitioner/doc{random.Next(5)}", 2 => $"Patient/patient{random.Next(6)}", 3 => $"Practitioner/doc{random.Next(2)}", _ => null };
        var client = random.Next(2) == 0 ? -1 : random.Next(RandomGrant.Masks.Length);
        var mask = client < 0 ? ElementMask.None : RandomGrant.Masks[client];
        purpose = random.Next(3) == 0 ? purposes[random.Next(purposes.Length)] : null;
        var usual = user?.StartsWith("Patient/", StringComparison.Ordinal) == true ? "PATRQT" : purposes[0];
        var grant = SearchDatabase.Grant(scopes, granted.PatientId);
        Grant = grant with
        {
            ClientId = client < 0 ? "app" : ClientOf(client),
            Actor = user,
            User = user?.Split('/') is [var type, var id] ? new UserReach(type, id, type == "Practitioner" ? UserRelation.CareTeam : UserRelation.Nobody) : null,
            Consent = mode,
            Purposes = PurposesOfUse.Of(purpose ?? usual),
            Denials = client >= 0 && client % 2 == 0 ? [new AccessDenial(AccessRule.AnyType, Interactions.All, null, "_security=" + label)] : [],
            Rules = [.. grant.Rules.Select(rule => rule with { Masked = mask })],
        };
        IsPosted = random.Next(4) == 0;
        Read = naive.Resources[random.Next(naive.Resources.Length)];
        var sort = query.Sort(Type) is { } keys && (mask.In(Type).IsNone || !keys.Contains("_tag", StringComparison.Ordinal)) ? keys : null;
        Text = string.Join('&', new[] { query.Criteria(Type, 0, 1), query.Includes(Type), "_total=accurate", sort is null ? "" : "_sort=" + sort }.Where(part => part.Length > 0));
    }

    public int Seed { get; }

    public string Type { get; }

    /// <summary>The search.</summary>
    public string Text { get; }

    public bool IsPosted { get; }

    /// <summary>What is read by its id.</summary>
    public NaiveResource Read { get; }

    /// <summary>What the token, the policy of its client, the purpose and the person come to.</summary>
    public AccessGrant Grant { get; }

    public (string Name, string Value)[] Headers => purpose is null ? [("Prefer", "handling=strict")] : [("Prefer", "handling=strict"), ("X-Purpose-Of-Use", purpose)];

    /// <summary>The name of the client that has a policy of its own.</summary>
    public static string ClientOf(int policy) => $"policy{policy}";

    public string Token(RunningServer server) =>
        Grant.Actor is { } user ? server.TokenOf(user, scopes, Grant.PatientId, Grant.ClientId) : server.Token(scopes, Grant.PatientId, Grant.ClientId);

    public override string ToString() =>
        $"seed {Seed}: {scopes} of {Grant.Actor ?? "nobody"} by {Grant.ClientId} ({Grant.Masked}) for {purpose ?? "its purpose"}, patient {Grant.PatientId}, {Grant.Consent}: {Type}?{Text}";
}
