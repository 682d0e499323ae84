using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.Messages;

/// <summary>Patient.link between two patients of a message: A24 says that they are one person, A37 that they are not.</summary>
internal static class PatientLink
{
    public static JsonObject To(ResourceDraft other, string type) => new() { ["other"] = other.Reference(), ["type"] = type };

    public static void Finish(MessageWalk walk)
    {
        if (walk.MessageCode != "ADT" || walk.Event is not ("A24" or "A37"))
        {
            return;
        }

        ResourceDraft[] patients = [.. walk.Scope.Resources.All.Where(static d => d.Type == "Patient")];
        foreach (var patient in patients)
        {
            foreach (var other in patients.Where(o => o != patient))
            {
                if (walk.Event == "A24")
                {
                    (patient.Content["link"] as JsonArray ?? Links(patient)).Add(To(other, "seealso"));
                }
                else
                {
                    patient.Remove($"link/Patient/{other.Id}");
                }
            }
        }
    }

    private static JsonArray Links(ResourceDraft patient)
    {
        var links = new JsonArray();
        patient.Content["link"] = links;
        return links;
    }
}
