using FhirFacade.Fhir.Definitions;
using FhirFacade.Translation.Codes;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.Tests.Segments;

/// <summary>The tables themselves.</summary>
public class MapTests
{
    [Fact]
    public void Every_table_that_is_embedded_can_be_read()
    {
        var tables = new CodeTables(MapTables.Embedded);
        Assert.All(MapFiles.Names("codes"), name => Assert.NotNull(tables[name]));
        Assert.All(MapFiles.Names("segments"), name => Assert.Equal(name, SegmentMapCompiler.Compile(name, MapTables.Embedded, tables).Name));
    }

    [Fact]
    public void Every_path_of_a_segment_map_is_an_element_of_its_resource()
    {
        foreach (var name in MapFiles.Names("segments").Where(n => n != "NTE-Annotation"))
        {
            foreach (var row in MapFiles.Read($"segments/{name}.csv").Where(r => r["path"] is not null and not "$this"))
            {
                AssertElement(name[4..], row["path"]!, $"{name} {row["field"]}");
            }
        }
    }

    [Fact]
    public void Every_code_table_leads_to_codes_that_FHIR_knows_where_FHIR_requires_them()
    {
        foreach (var (table, path) in new[] { ("AdministrativeSex", "Patient.gender"), ("ObservationStatus", "Observation.status"), ("DiagnosticReportStatus", "DiagnosticReport.status"), ("Event-EncounterStatus", "Encounter.status"), ("Event-EncounterStatus-presumed", "Encounter.status"), ("PatientClass-EncounterStatus", "Encounter.status"), ("OrderStatus", "ServiceRequest.status"), ("OrderControlCode-ServiceRequest-status", "ServiceRequest.status"), ("ResultStatus-RequestStatus", "ServiceRequest.status"), ("Event-AppointmentStatus", "Appointment.status"), ("Event-AppointmentStatus-presumed", "Appointment.status"), ("FillerStatusCodes-Appointment", "Appointment.status"), ("FillerStatusCodes-RequestStatus", "ServiceRequest.status"), ("DocumentAvailabilityStatus", "DocumentReference.status"), ("DocumentCompletionStatus", "DocumentReference.docStatus"), ("ObservationStatus-DocumentStatus", "DocumentReference.docStatus"), ("ReferralStatus", "ServiceRequest.status"), ("ReferralStatus-TaskStatus", "Task.status"), ("ReferralPriority", "ServiceRequest.priority"), ("GoalLifeCycleStatus", "Goal.lifecycleStatus") })
        {
            var codes = R4.Definitions.ValueSet(R4.Definitions.Type(path.Split('.')[0])!.Element(path.Split('.')[1])!.Binding!.ValueSet)!;
            Assert.All(MapFiles.Read($"codes/{table}.csv").Select(r => r["code"]).Where(c => c is not null and not "ERROR"), c => Assert.True(codes.Contains(c!), $"{table}: {c}"));
        }
    }

    [Theory]
    [InlineData("PV1-45 valued and")]
    [InlineData("PV1-45 present")]
    [InlineData("PV1 valued")]
    [InlineData("PV1-45 in A B")]
    [InlineData("(PV1-45 valued")]
    [InlineData("PV1-45 valued PV1-44 valued")]
    public void A_condition_that_cannot_be_read_is_refused(string condition)
    {
        Assert.Throws<InvalidMapException>(() => MapConditionCompiler.Compile(condition, "PV1"));
    }

    [Fact]
    public void A_table_that_is_not_there_is_named()
    {
        Assert.Contains("codes/Nothing.csv", Assert.Throws<InvalidMapException>(() => new CodeTables(MapTables.Embedded)["Nothing"]).Message, StringComparison.Ordinal);
    }

    private static void AssertElement(string resource, string path, string where)
    {
        var type = R4.Definitions.Type(resource)!;
        foreach (var step in TargetNodes.Steps(path))
        {
            var (name, label, url) = TargetNodes.Parse(step);
            var isExtensionOfPrimitive = name[0] == '_';
            Assert.True(type.TryMatch(name.TrimStart('_'), out var match), $"{where}: {path}: no {name} in {type.Name}");
            Assert.True((label is not null || url is not null) == match.Element.IsArray, $"{where}: {path}: {name} is {(match.Element.IsArray ? "a" : "no")} list");
            type = isExtensionOfPrimitive ? R4.Definitions.Type("Element")! : R4.Definitions.Type(match.TypeName) ?? type;
        }
    }
}
