namespace FhirFacade.Fhir.Access;

/// <summary>Whose rights a <c>user/</c> scope draws on, and how far these go.</summary>
/// <param name="Type">The type of the resource that is the user: <c>Patient</c>, <c>Practitioner</c>, <c>RelatedPerson</c>.</param>
/// <param name="Id">Its logical id.</param>
/// <param name="Relation">For a <c>Practitioner</c>: which patients. A <c>Patient</c> sees themselves, a <c>RelatedPerson</c> the patient they belong to, whatever it says.</param>
public sealed record UserReach(string Type, string Id, UserRelation Relation)
{
    /// <summary>The user's reach; null if the reference is of no kind of user that has one.</summary>
    /// <param name="fhirUser">A reference such as <c>Practitioner/1</c>, or the same under <paramref name="fhirBase"/>.</param>
    /// <param name="fhirBase">This server's base, without a final slash.</param>
    /// <param name="relation">What the site gives its practitioners.</param>
    public static UserReach? Of(string? fhirUser, string fhirBase, UserRelation relation)
    {
        ArgumentNullException.ThrowIfNull(fhirBase);
        if (fhirUser?.StartsWith(fhirBase + "/", StringComparison.Ordinal) == true)
        {
            fhirUser = fhirUser[(fhirBase.Length + 1)..];
        }

        return fhirUser?.Split('/') switch
        {
            ["Practitioner", { Length: > 0 } id] when relation != UserRelation.Nobody => new("Practitioner", id, relation),
            ["Patient" or "RelatedPerson", { Length: > 0 } id] => new(fhirUser.Split('/')[0], id, UserRelation.Nobody),
            _ => null,
        };
    }

    /// <summary>True if there is no patient whom it does not reach.</summary>
    public bool IsEveryone => Type == "Practitioner" && Relation == UserRelation.Everyone;

    /// <summary>The reference to the user.</summary>
    public string Reference => $"{Type}/{Id}";
}
