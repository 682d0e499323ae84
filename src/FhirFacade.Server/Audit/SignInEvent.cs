using FhirFacade.Server.Smart;
using FhirFacade.Storage.Accounts;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Audit;

/// <summary>Tells the event of a request to the pages of the authorisation server who it is.</summary>
internal static class SignInEvent
{
    /// <summary>The person, by the name that tokens have for them (<c>sub</c>), or that nobody was recognised. A name that was typed is not repeated: it may be a password.</summary>
    /// <param name="http">The request.</param>
    /// <param name="client">The app that asks for it; null for the server's own pages.</param>
    /// <param name="account">Who it is; null for nobody.</param>
    public static void Tell(HttpContext http, SmartClient? client, Account? account)
    {
        if (Disclosures.Of(http) is { } disclosures)
        {
            disclosures.Caller = (account?.Id.ToString("N") ?? "", client?.Id ?? "");
            disclosures.HasFailed = account is null;
        }
    }

    /// <summary>The person has said why it cannot wait.</summary>
    public static void TellEmergency(HttpContext http)
    {
        if (Disclosures.Of(http) is { } disclosures)
        {
            disclosures.IsEmergency = true;
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
