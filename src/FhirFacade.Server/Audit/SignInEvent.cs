using FhirFacade.Server.Smart;
using FhirFacade.Storage.Accounts;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Audit;

/// <summary>Tells the event of a request to the pages of the authorisation server who it is.</summary>
internal static class SignInEvent
{
    /// <summary>The person, or that nobody was recognised. A name that was typed is not repeated: it may be a password.</summary>
    public static void Tell(HttpContext http, SmartClient client, Account? account)
    {
        if (Disclosures.Of(http) is { } disclosures)
        {
            disclosures.Caller = (account?.Id.ToString() ?? "", client.Id);
            disclosures.HasFailed = account is null;
        }
    }

    /// <summary>The patients whose names are shown to be picked from.</summary>
    public static void Show(HttpContext http, IEnumerable<string> patients)
    {
        foreach (var patient in patients)
        {
            Disclosures.Of(http)?.AddPatient(patient);
        }
    }
}
