using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Storage.Clients;

namespace FhirFacade.Server.Smart;

/// <summary>A client by the names of RFC 7591 section 2.</summary>
internal static class ClientJson
{
    /// <summary>Describes it; a secret is no part of that.</summary>
    public static JsonObject Of(RegisteredClient client)
    {
        var json = new JsonObject
        {
            ["client_id"] = client.Id,
            ["client_name"] = client.Name,
            ["scope"] = client.Scope,
            ["redirect_uris"] = new JsonArray([.. client.RedirectUris.Select(uri => (JsonNode)uri)]),
            ["token_endpoint_auth_method"] = client.Kind switch { ClientKind.Public => "none", ClientKind.Symmetric => "client_secret_basic", _ => "private_key_jwt" },
        };
        if (client.LaunchUrl is { } launch)
        {
            json["initiate_login_uri"] = launch;
        }
        if (client.Jwks is { } jwks)
        {
            json["jwks"] = JsonNode.Parse(jwks);
        }
        if (client.JwksUrl is { } url)
        {
            json["jwks_uri"] = url;
        }
        return json;
    }

    /// <summary>Reads a description; null if a member is not of its kind, or the keys do not go with the method. What else must hold is for <see cref="ClientRules"/>.</summary>
    /// <param name="said">The description.</param>
    /// <param name="id">The client's id.</param>
    /// <param name="secretHash">SHA-256 of the secret that a client with one has.</param>
    public static RegisteredClient? Read(JsonObject said, string id, byte[]? secretHash)
    {
        ClientKind? kind = Text(said, "token_endpoint_auth_method") switch
        {
            "none" => ClientKind.Public,
            "client_secret_basic" or "client_secret_post" => ClientKind.Symmetric,
            "private_key_jwt" => ClientKind.Asymmetric,
            _ => null,
        };
        var uris = said["redirect_uris"] ?? new JsonArray();
        var areTexts = Array.TrueForAll(["client_id", "client_name", "scope", "initiate_login_uri", "jwks_uri"], name => said[name] is null || Text(said, name) is not null);
        if (kind is null || !areTexts || uris is not JsonArray { Count: <= 20 } list || !list.All(uri => uri is JsonValue value && value.GetValueKind() == JsonValueKind.String)
            || (said["jwks"] is { } keys && keys is not JsonObject)
            || (kind == ClientKind.Asymmetric) != (said["jwks"] is not null ^ Text(said, "jwks_uri") is not null)
            || (kind != ClientKind.Asymmetric && (said["jwks"] is not null || said["jwks_uri"] is not null))
            || (Text(said, "client_id") is { } named && named != id))
        {
            return null;
        }
        return new RegisteredClient(id, Text(said, "client_name") ?? id, kind.Value, Text(said, "scope") ?? "")
        {
            RedirectUris = [.. list.Select(uri => uri!.ToString())],
            LaunchUrl = Text(said, "initiate_login_uri"),
            SecretHash = kind == ClientKind.Symmetric ? secretHash : null,
            Jwks = (said["jwks"] as JsonObject)?.ToJsonString(),
            JwksUrl = Text(said, "jwks_uri"),
        };
    }

    private static string? Text(JsonObject said, string name) => said[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.ToString() is { Length: > 0 } text ? text : null;
}
