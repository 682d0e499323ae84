using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Scheduling;

/// <summary>
/// SCH-26, SCH-27 with AIS -> ServiceRequest that the appointment is based on: the same one that the order itself makes, if its number and
/// service are the same.
/// </summary>
internal static class AppointmentRequest
{
    /// <summary>A reference to the n-th order; by number alone if there is no patient or service to make a request of.</summary>
    public static JsonObject? Reference(MessageWalk walk, Hl7Segment sch, int n, Hl7Segment? ais, ResourceDraft? patient, string? start)
    {
        var scope = walk.Scope;
        var placer = EiToIdentifier.Key(sch[26].Repetition(n), scope);
        if (ais is not { } service || patient is null || placer is not { } number || FhirText.Code(service[3][1]) is not { } code)
        {
            return EiToReference.Reference(sch[26].Repetition(n), "ServiceRequest", scope) ?? EiToReference.Reference(sch[27].Repetition(n), "ServiceRequest", scope);
        }

        var draft = scope.Resources.GetOrAdd("ServiceRequest", Id(number, code, patient, scope), TranslationMode.Merge, out var isNew);
        var target = isNew ? draft : scope.Scratch(draft);
        target.Content["subject"] = patient.Reference();
        scope.Maps["SCH-ServiceRequest"].Run(sch, target, scope);
        scope.Maps["AIS-ServiceRequest"].Run(service, target, scope);
        Time(service, target.Content, start, scope);
        target.Presume("status", JsonValue.Create("active"));
        target.Presume("intent", JsonValue.Create("order"));

        // The schedule knows of the order by hearsay: what is stored of it stays.
        foreach (var element in new[] { "status", "code", "identifier" })
        {
            target.Presumed(element);
        }

        return draft.Reference();
    }

    // When the service is to be done: its own start (AIS-4), else an offset from the appointment's.
    private static void Time(Hl7Segment ais, JsonObject request, string? start, MessageScope scope)
    {
        var from = AppointmentTime.Instant(ais[4], scope) ?? AppointmentTime.Later(start, AppointmentTime.Duration(ais[5], ais[6], scope));
        var period = new JsonObject();
        period.Put("start", from);
        period.Put("end", AppointmentTime.Later(from, AppointmentTime.Duration(ais[7], ais[8], scope)));
        request.Put("occurrencePeriod", period.OrNull());
    }

    // As OrderAssembly makes it: by the placer's number, within the patient if no authority gave it, and the service.
    private static string Id(IdentifierKey placer, string service, ResourceDraft patient, MessageScope scope) =>
        BusinessId.Of("ServiceRequest", $"{OrderNumber.Key("placer", placer, patient, scope)}|{service}");
}
