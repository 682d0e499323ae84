using FhirFacade.Attacks.Http;

namespace FhirFacade.Attacks.Tokens;

/// <summary>A server, and an app and people of it, as far as a launch needs to know them.</summary>
public interface ILaunchSite
{
    /// <summary>Scheme and host of the server.</summary>
    string ServerRoot { get; }

    string FhirBase { get; }

    string AuthorizationEndpoint { get; }

    string Issuer { get; }

    /// <summary>The app that is launched where none is named.</summary>
    string LaunchedClient { get; }

    string RedirectUri { get; }

    string UserPassword { get; }

    /// <summary>Whom a practitioner picks where nobody is named.</summary>
    string PickedPatient { get; }

    /// <summary>How a client proves who it is.</summary>
    IEnumerable<KeyValuePair<string, string>> Proof(string client);

    /// <summary>Asks the token endpoint.</summary>
    Task<Answer> TokenAsync(IEnumerable<KeyValuePair<string, string>> form);
}
