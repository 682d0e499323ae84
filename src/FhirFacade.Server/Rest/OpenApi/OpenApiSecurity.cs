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
