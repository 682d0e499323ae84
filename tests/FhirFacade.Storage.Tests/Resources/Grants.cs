using FhirFacade.Fhir.Access;

namespace FhirFacade.Storage.Tests.Resources;

/// <summary>The kinds of grant that every path is tried with.</summary>
internal static class Grants
{
    public static AccessGrant Everything { get; } = System("system/*.cruds");

    public static AccessGrant System(string scope) => new("tests", "tests", null, SmartScopes.Parse(scope).Rules);

    public static AccessGrant Patient(string patientId, string scope = "patient/*.cruds") => new("tests", "tests", patientId, SmartScopes.Parse(scope).Rules);
}
