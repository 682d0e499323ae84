using System.Net;
using Microsoft.OpenApi;

namespace FhirFacade.Server.Tests.Rest;

public sealed class OpenApiTests(FhirServer api) : IClassFixture<FhirServer>
{
    [Fact]
    public async Task It_is_read_without_complaint_by_a_reader_of_OpenAPI()
    {
        var document = await ReadAsync();
        Assert.Equal(api.Server.Settings.FhirBase, document.Servers![0].Url);
        var scheme = document.Components!.SecuritySchemes!["smart"];
        Assert.Equal(SecuritySchemeType.OAuth2, scheme.Type);
        Assert.Equal(api.Server.Settings.AuthorizationEndpoint, scheme.Flows!.AuthorizationCode!.AuthorizationUrl!.ToString());
        Assert.Contains("launch/patient", scheme.Flows.AuthorizationCode.Scopes!.Keys);
        Assert.Equal(api.Server.Settings.TokenEndpoint, scheme.Flows!.ClientCredentials!.TokenUrl!.ToString());
        Assert.Empty(document.Paths["/metadata"].Operations![HttpMethod.Get].Security!);
    }

    [Fact]
    public async Task It_says_the_same_as_the_CapabilityStatement()
    {
        var document = await ReadAsync();
        var rest = (await api.GetAsync("metadata")).Json.GetProperty("rest")[0];
        foreach (var resource in rest.GetProperty("resource").EnumerateArray())
        {
            var type = resource.GetProperty("type").GetString()!;
            var search = document.Paths["/" + type].Operations![HttpMethod.Get];
            var stated = resource.GetProperty("searchParam").EnumerateArray().Select(p => p.GetProperty("name").GetString());
            Assert.Empty(stated.Except(search.Parameters!.Select(p => p.Name)));
            foreach (var operation in resource.GetProperty("operation").EnumerateArray().Select(o => o.GetProperty("name").GetString()))
            {
                Assert.Contains(document.Paths.Keys, path => path == $"/{type}/${operation}" || path == $"/{type}/{{id}}/${operation}");
            }
        }
    }

    [Fact]
    public async Task Every_request_that_it_describes_has_a_route()
    {
        var document = await ReadAsync();
        string[] types = ["Patient", "ValueSet", "CodeSystem", "ConceptMap", "Observation", "Composition", "Encounter", "DocumentReference"];
        // The keys of this server are other tests' keys, too.
        foreach (var (path, item) in document.Paths.Where(p => p.Key != "/admin/keys/rotate" && p.Key.Split('/')[1] is var first && (types.Contains(first) || !char.IsUpper(first.FirstOrDefault()))))
        {
            foreach (var (method, _) in item.Operations!)
            {
                var address = path.Replace("{id}", "nobody", StringComparison.Ordinal).Replace("{vid}", "1", StringComparison.Ordinal).Replace("{inner}", "Observation", StringComparison.Ordinal);
                var body = method == HttpMethod.Get || method == HttpMethod.Delete ? null : "{}";
                var answer = path.StartsWith("/admin/", StringComparison.Ordinal)
                    ? await api.Server.SendAsync(method, path[1..].Replace("{name}", "nobody", StringComparison.Ordinal).Replace("{id}", "1", StringComparison.Ordinal), api.Server.Token("site/admin"), body, "application/json")
                    : await api.Server.SendAsync(method, "fhir" + address.TrimEnd('/'), api.Root, body);
                Assert.True(answer.Status != HttpStatusCode.MethodNotAllowed && (int)answer.Status < 500, $"{method} {path}: {answer.Status}");
                Assert.DoesNotContain("nothing at this address", answer.Text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task It_is_sent_once_and_small()
    {
        var whole = await api.Server.GetAsync("openapi.json", token: null, ("Accept-Encoding", "br"));
        Assert.Equal("application/json; charset=utf-8", whole.Header("Content-Type"));
        Assert.True(whole.Body.Length < 100_000, $"{whole.Body.Length}");
        Assert.Equal(HttpStatusCode.NotModified, (await api.Server.GetAsync("openapi.json", token: null, ("If-None-Match", whole.Header("ETag")!))).Status);
    }

    private async Task<OpenApiDocument> ReadAsync()
    {
        var answer = await api.Server.GetAsync("openapi.json", token: null);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var (document, diagnostic) = OpenApiDocument.Parse(answer.Text, "json");
        Assert.Empty(diagnostic!.Errors.Select(error => error.ToString()));
        Assert.Empty(diagnostic.Warnings.Select(warning => warning.ToString()));
        Assert.Equal(OpenApiSpecVersion.OpenApi3_0, diagnostic.SpecificationVersion);
        return document!;
    }
}
