using System.Text.Json.Nodes;
using FhirFacade.Server.Smart;

namespace FhirFacade.Server.Rest.OpenApi;

/// <summary>How a client gets in, as OpenAPI describes it: SMART App Launch is OAuth 2.0.</summary>
internal static class OpenApiSecurity
{
    /// <summary>The name of the scheme.</summary>
    public const string Scheme = "smart";

    /// <summary>The scheme of the built-in issuer, or of the foreign one that the settings name.</summary>
    public static JsonObject Of(SmartSettings settings) => new()
    {
        [Scheme] = settings.Authority is { } foreign
            ? new JsonObject
            {
                ["type"] = "openIdConnect",
                ["description"] = $"SMART App Launch; see {settings.FhirBase}/.well-known/smart-configuration",
                ["openIdConnectUrl"] = foreign.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration",
            }
            : new JsonObject
            {
                ["type"] = "oauth2",
                ["description"] = $"SMART App Launch; see {settings.FhirBase}/.well-known/smart-configuration",
                ["flows"] = new JsonObject
                {
                    ["authorizationCode"] = new JsonObject
                    {
                        ["authorizationUrl"] = settings.AuthorizationEndpoint,
                        ["tokenUrl"] = settings.TokenEndpoint,
                        ["refreshUrl"] = settings.TokenEndpoint,
                        ["scopes"] = new JsonObject
                        {
                            ["openid"] = "sign in",
                            ["fhirUser"] = "know who has signed in",
                            ["launch/patient"] = "have a patient chosen",
                            ["online_access"] = "go on while the user is signed in",
                            ["offline_access"] = "go on when the user has left",
                            ["patient/*.rs"] = "read and search what is the patient's",
                            ["patient/*.cruds"] = "read, search and change what is the patient's",
                            ["user/*.rs"] = "read and search what the user reaches",
                        },
                    },
                    ["clientCredentials"] = new JsonObject
                    {
                        ["tokenUrl"] = settings.TokenEndpoint,
                        ["scopes"] = new JsonObject
                        {
                            ["system/*.rs"] = "read and search everything",
                            ["system/*.cruds"] = "read, search and change everything",
                        },
                    },
                },
            },
    };
}
