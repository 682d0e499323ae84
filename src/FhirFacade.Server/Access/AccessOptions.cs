using FhirFacade.Fhir.Access;
using FhirFacade.Server.Access.BreakGlass;

namespace FhirFacade.Server.Access;

/// <summary>The settings under <c>Access</c>: what clients may see whatever their tokens say.</summary>
public sealed class AccessOptions
{
    /// <summary>One a client. A client without one of its own has that of <c>*</c>, if there is one.</summary>
    public IReadOnlyList<ClientPolicyOptions> Policies { get; init; } = [];

    /// <summary>
    /// What a client may want data for whose policy names nothing (codes of v3-ActReason); the first is what a request is for that does not say. None named:
    /// <c>TREAT</c>.
    /// </summary>
    public IReadOnlyList<string> PurposesOfUse { get; init; } = [];

    /// <summary>Who is given what carries the label of a sensitive category: substance use, HIV, mental health ...</summary>
    public SensitiveAccess SensitiveCategories { get; init; }

    /// <summary>
    /// Files with ValueSet resources of the site's own categories, or directories of such, beside those that are built in. <c>useContext</c> with the code <c>focus</c> says which labels they stand for;
    /// one that has the name of another takes its place. They are read again when they change.
    /// </summary>
    public IReadOnlyList<string> SensitiveValueSets { get; init; } = [];

    /// <summary>How far an emergency reaches.</summary>
    public BreakGlassOptions BreakGlass { get; init; } = new();

    /// <summary>Whether the consents of patients are asked, and what holds where none decides.</summary>
    public ConsentMode Consent { get; init; } = ConsentMode.OptOut;

    /// <summary>Back-ends of the site itself (<c>client_id</c>) that no consent restricts. Requests of a person through them are restricted all the same.</summary>
    public IReadOnlyList<string> ConsentExempt { get; init; } = [];

    /// <summary>Whether there is an audit trail, and how safe an event is before its request is answered.</summary>
    public AuditMode Audit { get; init; } = AuditMode.Spooled;

    /// <summary>How long events are kept; null for as long as the database is. At least 30 days.</summary>
    public TimeSpan? AuditRetention { get; init; }
}

/// <summary>One entry of <c>Access:Policies</c>. It takes away; nothing in it opens anything.</summary>
public sealed class ClientPolicyOptions
{
    /// <summary>The <c>client_id</c>, or <c>*</c>.</summary>
    public string Client { get; init; } = "";

    /// <summary>The resource types that remain; none named: all that the token opens.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Elements that are not shown, such as <c>Patient.telecom</c> or <c>Patient.contact.name</c>.</summary>
    public IReadOnlyList<string> Masked { get; init; } = [];

    /// <summary>Security labels (<c>system|code</c>, or <c>code</c> alone): what carries one of them is not there for the client.</summary>
    public IReadOnlyList<string> ExcludedLabels { get; init; } = [];

    /// <summary>
    /// What the client may want data for (codes of v3-ActReason); the first is what a request is for that does not say. None named: <see cref="AccessOptions.PurposesOfUse"/>.
    /// </summary>
    public IReadOnlyList<string> PurposesOfUse { get; init; } = [];

    /// <summary>Sensitive categories that the client is given whatever <see cref="AccessOptions.SensitiveCategories"/> says: their names, the urls of stored value sets, or <c>*</c>.</summary>
    public IReadOnlyList<string> SensitiveCategories { get; init; } = [];
}
