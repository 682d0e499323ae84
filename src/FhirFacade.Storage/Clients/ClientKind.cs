namespace FhirFacade.Storage.Clients;

/// <summary>How an app proves who it is (SMART App Launch 2.2, app-launch: client types).</summary>
public enum ClientKind
{
    /// <summary>It cannot keep a secret; PKCE and its redirect URI stand for it.</summary>
    Public,

    /// <summary>By a secret that both sides know.</summary>
    Symmetric,

    /// <summary>By an assertion signed with a key of its own.</summary>
    Asymmetric,
}
