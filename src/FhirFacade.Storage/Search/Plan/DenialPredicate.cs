using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>The rows that a denial speaks of. In doubt there are more of them.</summary>
internal static class DenialPredicate
{
    /// <summary>What has to be false for a row of the type to be open.</summary>
    public static Predicate Of(AccessDenial denial, string type)
    {
        Predicate matching = denial.Filter is null ? new Predicate.Always() : ScopeFilter.Compile(type, denial.Filter) ?? new Predicate.Always();
        return Predicate.AllOf([denial.PatientId is { } patient ? OfPatient(patient, type) : new Predicate.Always(), matching]);
    }

    /// <summary>A row that names several patients belongs to none of them, but speaks of each; so does one of a type outside of the compartment.</summary>
    public static Predicate OfPatient(string patient, string type)
    {
        if (type == "Patient")
        {
            return new Predicate.IdIs([patient]);
        }

        ImmutableArray<long> named =
        [
            .. SearchParameterSet.R4.For(type).Where(p => p.Type == SearchParameterType.Reference && p.Targets.Contains("Patient")).Select(p => Terms.Reference(p.Code, "Patient", patient)),
        ];
        return Predicate.AnyOf([new Predicate.OfPatient(patient), named.IsEmpty ? new Predicate.Never() : new Predicate.HasTerm(named)]);
    }
}
