using System.Security.Cryptography;

namespace FhirFacade.Attacks;

/// <summary>How a back-end service proves who it is: by a secret, or by a key (P-384) under which its JWKS has the key's id.</summary>
public sealed record ClientCredentials(string ClientId, string? Secret, ECDsa? Key = null, string KeyId = "");
