using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Whatever goes wrong, the answer is an OperationOutcome that names no cause a stranger could use.</summary>
public sealed class ErrorTests(FhirServer api) : IClassFixture<FhirServer>
{
    [Theory]
    [InlineData("fhir/Patient/1/unknown")]
    [InlineData("fhir/Patient/1/_history/1/x")]
    [InlineData("nothing/here")]
    [InlineData("fhir/%2e%2e/%2e%2e/etc/passwd")]
    public async Task An_unknown_route_is_404_with_a_token_and_401_without(string path)
    {
        (await api.Server.GetAsync(path, api.Root)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await api.Server.GetAsync(path, token: null)).IsOutcome(HttpStatusCode.Unauthorized, "login");
    }

    public static TheoryData<string, string> Routes => new()
    {
        { "GET", "fhir/Patient/1" }, { "HEAD", "fhir/Patient/1" }, { "PUT", "fhir/Patient/1" }, { "DELETE", "fhir/Patient/1" }, { "PATCH", "fhir/Patient/1" },
        { "GET", "fhir/Patient/1/_history" }, { "GET", "fhir/Patient/1/_history/1" }, { "GET", "fhir/Patient/_history" },
        { "GET", "fhir/Patient" }, { "POST", "fhir/Patient" }, { "POST", "fhir/Patient/_search" }, { "GET", "fhir/Patient?_page=x" },
        { "DELETE", "fhir/Patient" }, { "OPTIONS", "fhir/Patient" }, { "POST", "fhir/metadata" }, { "POST", "fhir" },
        { "TRACE", "fhir/Patient/1" }, { "GET", "fhir//Patient/1" }, { "GET", "fhir/Patient/1/" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Every_route_but_the_open_ones_needs_a_token(string method, string path)
    {
        var answer = await api.Server.SendAsync(new HttpMethod(method), path, token: null, method is "PUT" or "POST" or "PATCH" ? "{}" : null);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_a_route_does_not_have_is_405_with_those_it_has()
    {
        var answer = await api.Server.SendAsync(HttpMethod.Put, "fhir/Patient/_search", api.Root, "{}");
        answer.IsOutcome(HttpStatusCode.MethodNotAllowed, "not-supported");
        Assert.Equal("POST, OPTIONS", answer.Header("Allow"));
        (await api.Server.SendAsync(HttpMethod.Post, "fhir/Patient/1", api.Root, "{}")).IsOutcome(HttpStatusCode.MethodNotAllowed, "not-supported");
        (await api.Server.SendAsync(HttpMethod.Put, "fhir/Patient/1/_history/1", api.Root, "{}")).IsOutcome(HttpStatusCode.MethodNotAllowed, "not-supported");
    }

    [Theory]
    [InlineData("DELETE", "fhir", "GET, HEAD, POST, OPTIONS")]
    [InlineData("DELETE", "fhir/metadata", "GET, HEAD, OPTIONS")]
    [InlineData("DELETE", "fhir/Patient/1/$everything", "GET, HEAD, POST, OPTIONS")]
    [InlineData("GET", "fhir/Patient/1/$meta-add", "POST, OPTIONS")]
    [InlineData("PUT", "fhir/Patient/$validate", "POST, OPTIONS")]
    [InlineData("PUT", "fhir/ValueSet/$expand", "GET, HEAD, POST, OPTIONS")]
    public async Task Base_metadata_and_operations_tell_their_methods_too(string method, string path, string allowed)
    {
        var refused = await api.Server.SendAsync(new HttpMethod(method), path, api.Root, method == "PUT" ? "{}" : null);
        refused.IsOutcome(HttpStatusCode.MethodNotAllowed, "not-supported");
        Assert.Equal(allowed, refused.Header("Allow"));
        var asked = await api.Server.SendAsync(HttpMethod.Options, path, api.Root);
        Assert.Equal((HttpStatusCode.NoContent, allowed), (asked.Status, asked.Header("Allow")));
    }

    [Theory]
    [InlineData("GET", "fhir/$nothing")]
    [InlineData("POST", "fhir/Patient/$nothing")]
    [InlineData("GET", "fhir/Patient/1/$nothing")]
    [InlineData("GET", "fhir/Observation/$everything")]
    [InlineData("DELETE", "fhir/Patient/$nothing")]
    [InlineData("GET", "fhir/Observation/1/$lastn")]
    public async Task An_operation_that_is_not_offered_is_404_and_no_resource(string method, string path)
    {
        (await api.Server.SendAsync(new HttpMethod(method), path, api.Root, method == "POST" ? "{}" : null)).IsOutcome(HttpStatusCode.NotFound, "not-supported");
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.Server.SendAsync(new HttpMethod(method), path, token: null, method == "POST" ? "{}" : null)).Status);
    }

    [Fact]
    public async Task The_names_of_a_request_are_echoed()
    {
        var named = await api.GetAsync("Patient/nobody", ("X-Request-Id", "client-17"), ("X-Correlation-Id", "journey-4"));
        Assert.Equal("client-17", named.Header("X-Request-Id"));
        Assert.Equal("journey-4", named.Header("X-Correlation-Id"));
        var unnamed = await api.GetAsync("Patient/nobody");
        Assert.False(string.IsNullOrEmpty(unnamed.Header("X-Request-Id")));
        Assert.Null(unnamed.Header("X-Correlation-Id"));
        var odd = await api.GetAsync("Patient/nobody", ("X-Request-Id", "a b<script>"));
        Assert.NotEqual("a b<script>", odd.Header("X-Request-Id"));
        Assert.Equal("mine", (await api.Server.GetAsync("fhir/Patient/1", token: null, ("X-Request-Id", "mine"))).Header("X-Request-Id"));
    }

    [Fact]
    public async Task A_lost_database_is_503_and_says_nothing_of_where_it_was()
    {
        await using var nowhere = Npgsql.NpgsqlDataSource.Create("Host=/nowhere/secret-socket;Username=u;Database=d;Timeout=2");
        await using var server = await RunningServer.StartAsync(nowhere);
        var answer = await server.GetAsync("fhir/Patient/1", server.Token(FhirServer.Everything), ("X-Correlation-Id", "journey-5"));
        answer.IsOutcome(HttpStatusCode.ServiceUnavailable, "transient");
        Assert.NotNull(answer.Header("Retry-After"));
        Assert.DoesNotContain("secret-socket", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Npgsql", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_HTTP_is_closed_and_the_server_goes_on()
    {
        var url = new Uri(api.Server.Settings.PublicUrl);
        foreach (var bytes in new[] { "\0\x01\x02garbage\r\n\r\n", "GET /fhir/Patient/1 HTTP/9.9\r\n\r\n", "GET /fhir/Patient/\xff HTTP/1.1\r\nHost: x\r\n\r\n", "GET /fhir HTTP/1.1\r\nHost: x\r\nA: " + new string('a', 70_000) + "\r\n\r\n" })
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
            var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), TestContext.Current.CancellationToken);
            using var reader = new StreamReader(stream);
            var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.Matches("^HTTP/1.1 (4|5)[0-9][0-9]|^$", line ?? "");
        }
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("metadata")).Status);
    }
}
