using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>Scopes in words that a patient understands.</summary>
public static class ScopeWording
{
    /// <summary>What the consent page names one by one when everything is asked for; the rest goes under one heading.</summary>
    public static ImmutableArray<(string Type, string Words)> Kinds { get; } =
    [
        ("Patient", "Name, address and date of birth"), ("AllergyIntolerance", "Allergies"), ("CarePlan", "Care plans"), ("CareTeam", "Care teams"),
        ("Condition", "Problems and diagnoses"), ("Coverage", "Insurance"), ("Device", "Devices and implants"), ("DiagnosticReport", "Reports"),
        ("DocumentReference", "Documents and notes"), ("Encounter", "Visits and stays"), ("Goal", "Goals"), ("Immunization", "Vaccinations"),
        ("MedicationDispense", "Medicines handed out"), ("MedicationRequest", "Prescriptions"), ("Observation", "Laboratory results and measurements"),
        ("Procedure", "Operations and procedures"), ("Provenance", "Where records come from"), ("QuestionnaireResponse", "Answers to questionnaires"),
        ("RelatedPerson", "Relatives and contacts"), ("ServiceRequest", "Orders and referrals"), ("Specimen", "Specimens"),
    ];

    /// <summary>The types that a patient's or a user's record can hold and <see cref="Kinds"/> does not name.</summary>
    public static ImmutableArray<string> Others { get; } =
    [
        .. R4.Definitions.ResourceTypes.Where(type => (PatientCompartment.Contains(type) || PatientCompartment.IsDirectory(type)) && !Kinds.Any(k => k.Type == type)).Order(StringComparer.Ordinal),
    ];

    /// <summary>What may be done: <c>see</c>, <c>add and change</c> ...</summary>
    public static string Actions(Interactions interactions)
    {
        string[] words =
        [
            .. (interactions & (Interactions.Read | Interactions.Search)) != Interactions.None ? new[] { "see" } : [],
            .. interactions.HasFlag(Interactions.Create) ? new[] { "add" } : [],
            .. interactions.HasFlag(Interactions.Update) ? new[] { "change" } : [],
            .. interactions.HasFlag(Interactions.Delete) ? new[] { "delete" } : [],
        ];
        return words.Length < 2 ? string.Concat(words) : $"{string.Join(", ", words[..^1])} and {words[^1]}";
    }

    /// <summary>The kind of record.</summary>
    public static string Kind(string type) => type == AccessRule.AnyType ? "All records" : Kinds.FirstOrDefault(k => k.Type == type).Words ?? type;

    /// <summary>A scope that is not about records; null for one that needs no words.</summary>
    public static string? Of(string word, int days) => word switch
    {
        "openid" or "fhirUser" or "profile" => "Know who you are",
        "offline_access" => $"Keep this access for up to {days} days, also while you are away",
        "online_access" => "Keep this access until you sign out",
        _ => null,
    };
}
