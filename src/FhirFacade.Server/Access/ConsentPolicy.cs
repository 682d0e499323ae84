using System.Collections.Frozen;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Server.Access;

/// <summary>Whether patients' consents are asked for a grant, and on whose behalf.</summary>
public sealed class ConsentPolicy
{
    private readonly ConsentMode mode;
    private readonly FrozenSet<string> exempt;

    private ConsentPolicy(ConsentMode mode, IEnumerable<string> exempt) => (this.mode, this.exempt) = (mode, exempt.ToFrozenSet(StringComparer.Ordinal));

    /// <summary>What holds where a site has set nothing.</summary>
    public static ConsentPolicy Default { get; } = From(new AccessOptions());

    /// <summary>Reads the settings.</summary>
    public static ConsentPolicy From(AccessOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(options.Consent, options.ConsentExempt);
    }

    /// <summary>The grant with the consents as a condition. A person is never exempt, whichever app they use; patients are, where it is their own record.</summary>
    /// <param name="grant">What the token opens.</param>
    /// <param name="fhirUser">The person, as <c>Practitioner/1</c> or the same under <paramref name="fhirBase"/>; null for none.</param>
    /// <param name="fhirBase">This server's base, without a final slash.</param>
    public AccessGrant Apply(AccessGrant grant, string? fhirUser, string fhirBase)
    {
        ArgumentNullException.ThrowIfNull(grant);
        var relative = fhirUser?.StartsWith(fhirBase + "/", StringComparison.Ordinal) == true ? fhirUser[(fhirBase.Length + 1)..] : fhirUser;
        var actor = relative is not null && RelativeReference.TryParse(relative, out var person) ? $"{person.Type}/{person.Id}" : null;
        return grant with { Actor = actor, Consent = fhirUser is null && exempt.Contains(grant.ClientId) ? ConsentMode.Off : mode };
    }
}
