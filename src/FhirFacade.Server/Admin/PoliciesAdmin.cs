using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Server.Configuration;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Admin;

/// <summary><c>GET /admin/policies</c>: what the settings take away from clients. They are changed in the settings alone.</summary>
internal sealed class PoliciesAdmin(ServerOptions options)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public void Map(AdminEndpoints.Routes admin) =>
        admin.Map("GET", "/policies", http => AdminAnswer.WriteAsync(http, new JsonObject { ["policies"] = JsonSerializer.SerializeToNode(options.Access.Policies, Json) }));
}
