using System.Text.Json.Nodes;
using FhirFacade.Server.Admin;
using FhirFacade.Server.Smart;

namespace FhirFacade.Server.Rest.OpenApi;

/// <summary>The addresses under <c>/admin</c>, which stand beside the FHIR base.</summary>
internal static class AdminPaths
{
    private const string Tag = "administration";

    private static readonly (string Path, string Method, string Id, string Summary, string[] Members, string Status)[] Routes =
    [
        ("/users", "get", "users", "The people who may sign in", [], "200"),
        ("/users", "post", "user-add", "Make an account", ["userName", "displayName", "password", "fhirUser"], "201"),
        ("/users/{name}", "get", "user", "One account", [], "200"),
        ("/users/{name}", "patch", "user-change", "Change who a person is; another fhirUser ends sessions and tokens", ["displayName", "fhirUser"], "200"),
        ("/users/{name}/password", "post", "user-password", "Set a password; ends a lock, sessions, tokens and what apps were allowed", ["password"], "204"),
        ("/users/{name}/second-factor", "post", "user-second-factor", "Ask for a one-time code as well; the answer holds, once, what an authenticator app reads", [], "201"),
        ("/users/{name}/second-factor", "delete", "user-second-factor-remove", "Take the second factor away", [], "204"),
        ("/users/{name}/disable", "post", "user-disable", "Close an account; sessions and tokens end", [], "204"),
        ("/users/{name}/enable", "post", "user-enable", "Open an account again", [], "204"),
        ("/users/{name}/unlock", "post", "user-unlock", "Forget failed attempts", [], "204"),
        ("/users/{name}/sign-out", "post", "user-sign-out", "End sessions, tokens and what apps were allowed", [], "204"),
        ("/clients", "get", "clients", "The registered clients", [], "200"),
        ("/clients", "post", "client-add", "Register a client (names of RFC 7591); a secret is in the answer, once", ["client_id", "client_name", "scope", "redirect_uris", "initiate_login_uri", "token_endpoint_auth_method", "jwks", "jwks_uri"], "201"),
        ("/clients/{id}", "get", "client", "One client", [], "200"),
        ("/clients/{id}", "put", "client-change", "Describe a client anew; its tokens end", ["client_name", "scope", "redirect_uris", "initiate_login_uri", "token_endpoint_auth_method", "jwks", "jwks_uri"], "200"),
        ("/clients/{id}/secret", "post", "client-secret", "Give a client another secret, which is in the answer, once", [], "201"),
        ("/clients/{id}/disable", "post", "client-disable", "Close a client; its tokens end", [], "204"),
        ("/clients/{id}/enable", "post", "client-enable", "Open a client again", [], "204"),
        ("/clients/{id}/revoke", "post", "client-revoke", "End its tokens, and what people have allowed it", [], "204"),
        ("/keys", "get", "keys", "The keys that are believed", [], "200"),
        ("/keys/rotate", "post", "keys-rotate", "Make new keys; with compromised, nothing of the old ones is believed", ["compromised"], "200"),
        ("/journal", "get", "journal", "What has come in and what became of it", [], "200"),
        ("/journal/{id}", "get", "journal-message", "One message, without its content", [], "200"),
        ("/journal/{id}/replay", "post", "journal-replay", "Process a message again", [], "202"),
        ("/policies", "get", "policies", "What the settings take away from clients", [], "200"),
    ];

    /// <summary>The tag of them all.</summary>
    public static JsonObject TagOf() => new() { ["name"] = Tag, ["description"] = $"Needs the scope {SiteScopes.Admin}, of a client that acts for itself. Errors are problem details (RFC 9457)." };

    /// <summary>Path and path item; none with a foreign issuer.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Of(SmartSettings settings) => settings.Authority is not null ? [] : Routes.GroupBy(route => route.Path).Select(routes =>
    {
        var item = new JsonObject { ["servers"] = new JsonArray(new JsonObject { ["url"] = settings.PublicUrl }) };
        if (Name(routes.Key) is { } name)
        {
            item["parameters"] = new JsonArray(new JsonObject { ["name"] = name, ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" } });
        }
        foreach (var (_, method, id, summary, members, status) in routes)
        {
            item[method] = Operation(id, summary, members, status);
        }
        return KeyValuePair.Create<string, JsonNode?>(AdminEndpoints.Root + routes.Key, item);
    });

    private static JsonObject Operation(string id, string summary, string[] members, string status)
    {
        var answer = new JsonObject { ["description"] = summary };
        if (status is not "204")
        {
            answer["content"] = Content("application/json", []);
        }
        var json = new JsonObject
        {
            ["tags"] = new JsonArray(Tag),
            ["operationId"] = "admin-" + id,
            ["summary"] = summary,
            ["responses"] = new JsonObject { [status] = answer, ["default"] = new JsonObject { ["description"] = "What is wrong.", ["content"] = Content("application/problem+json", ["title", "detail", "instance"]) } },
            ["x-smart-scope"] = SiteScopes.Admin,
        };
        if (members.Length > 0)
        {
            json["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content("application/json", members) };
        }
        return json;
    }

    private static JsonObject Content(string mediaType, string[] members)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (members.Length > 0)
        {
            schema["properties"] = new JsonObject(members.Select(member => KeyValuePair.Create<string, JsonNode?>(member, new JsonObject())));
        }
        return new JsonObject { [mediaType] = new JsonObject { ["schema"] = schema } };
    }

    private static string? Name(string path) => path.IndexOf('{', StringComparison.Ordinal) is >= 0 and var start ? path[(start + 1)..path.IndexOf('}', StringComparison.Ordinal)] : null;
}
