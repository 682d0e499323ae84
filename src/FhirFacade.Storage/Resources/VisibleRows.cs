using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Compartments;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>What a grant lets through, as a condition on rows that have the columns <c>patient</c> and <c>terms</c>.</summary>
internal static class VisibleRows
{
    /// <summary>An SQL condition; its values are added to the parameters. What cannot be expressed is false.</summary>
    /// <param name="access">From <see cref="AccessGrant.For"/>.</param>
    /// <param name="type">The resource type of the rows.</param>
    /// <param name="alias">The name of the table in the query.</param>
    /// <param name="parameters">Positional; the condition refers to those that it adds.</param>
    public static string Condition(TypeAccess access, string type, string alias, NpgsqlParameterCollection parameters) => access switch
    {
        TypeAccess.Everything => "true",
        TypeAccess.Restricted restricted => string.Join(" or ", restricted.Rules.Select(rule => Rule(rule, restricted.PatientId, type, alias, parameters))) is var any
            ? $"({any})"
            : "false",
        _ => "false",
    };

    private static string Rule(AccessRule rule, string? patientId, string type, string alias, NpgsqlParameterCollection parameters)
    {
        if (rule.Filter is not null)
        {
            return "false";
        }

        switch (rule.Context)
        {
            case AccessContext.System:
                return "true";
            case AccessContext.Patient when patientId is not null && PatientCompartment.Contains(type):
                parameters.Add(new() { Value = patientId });
                return $"{alias}.patient = (select key from patient_key where id = ${parameters.Count})";
            case AccessContext.Patient when patientId is not null && rule.ResourceType == type && PatientCompartment.IsDirectory(type):
                return "true";
            default:
                return "false";
        }
    }
}
