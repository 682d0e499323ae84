using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Journal;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary><c>POST /hl7v2</c>.</summary>
public sealed class Hl7v2EndpointTests(SharedIngestServer shared) : IClassFixture<SharedIngestServer>
{
    private readonly IngestServer server = shared.Server;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/hl7-v2")]
    [InlineData("x-application/hl7-v2+er7")]
    [InlineData("application/hl7-v2; charset=utf-8")]
    public async Task A_message_is_answered_with_its_acknowledgement(string contentType)
    {
        using var response = await PostAsync(server, Messages.Admission("H-1"), contentType);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType.Split(';')[0], response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("MSA|AA|H-1\r", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.NotEmpty(await server.RowsAsync("H-1"));
    }

    [Fact]
    public async Task A_batch_is_answered_with_a_batch_in_which_each_message_has_its_own_answer()
    {
        using var response = await PostAsync(
            server, Messages.Admission("H-2") + Messages.Admission("H-3").Replace("ADT^A01^ADT_A01", "", StringComparison.Ordinal) + Messages.Admission("H-4"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = await response.Content.ReadAsStringAsync(Stop);
        Assert.Contains("MSA|AA|H-2\r", answer, StringComparison.Ordinal);
        Assert.Contains("MSA|AE|H-3\r", answer, StringComparison.Ordinal);
        Assert.Contains("MSA|AA|H-4\r", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_by_acknowledgement_is_refused_by_status()
    {
        using var response = await PostAsync(server, "no message");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("MSA|AR", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_around_the_messages_of_a_body_do_not_vanish()
    {
        const string body = "PID|1||stray\r";
        using var response = await PostAsync(server, body + Messages.Admission("H-5"));

        Assert.Contains("MSA|AA|H-5\r", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Contains(await server.Journal.ListAsync(new(JournalState.Failed, "http"), Stop), row => row.Error!.Rule.Contains("belong to no message", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sender_that_wants_no_acknowledgement_gets_an_empty_answer()
    {
        using var response = await PostAsync(server, Messages.Admission("H-6", acceptAck: "NE", applicationAck: "NE"));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [InlineData("text/plain", "x", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/fhir+json", "x", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/hl7-v2", "", HttpStatusCode.BadRequest)]
    public async Task What_is_no_message_by_its_looks_is_answered_with_an_OperationOutcome(string contentType, string body, HttpStatusCode expected)
    {
        using var response = await PostAsync(server, body, contentType);

        Assert.Equal(expected, response.StatusCode);
        Assert.Contains("OperationOutcome", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_413()
    {
        using var request = Request(new string('x', 1_100_000));
        request.Headers.ExpectContinue = true;

        using var response = await server.Http.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("OperationOutcome", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_database_the_answer_is_503_and_a_negative_acknowledgement()
    {
        await using var cutOff = await IngestServer.StartWithoutDatabaseAsync();

        using var response = await PostAsync(cutOff, Messages.Admission("H-7"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("MSA|AR|H-7", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_the_demo_a_token_is_needed_even_on_the_machine_itself()
    {
        await using var closed = await IngestServer.StartAsync(demo: false);

        using var response = await PostAsync(closed, Messages.Admission("H-8"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(await closed.RowsAsync(""));
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    [InlineData("Via")]
    public async Task What_a_proxy_passes_on_does_not_come_from_the_machine_itself(string header)
    {
        using var request = Request(Messages.Admission("H-9"));
        request.Headers.TryAddWithoutValidation(header, "192.0.2.7");

        using var response = await server.Http.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("system/*.cu", HttpStatusCode.OK)]
    [InlineData("system/*.cruds", HttpStatusCode.OK)]
    [InlineData("system/*.write", HttpStatusCode.OK)]
    [InlineData("system/*.rs", HttpStatusCode.Forbidden)]
    [InlineData("system/*.c", HttpStatusCode.Forbidden)]
    [InlineData("system/Patient.cruds", HttpStatusCode.Forbidden)]
    [InlineData("patient/*.cruds", HttpStatusCode.Forbidden)]
    [InlineData("user/*.cruds", HttpStatusCode.Forbidden)]
    public async Task Only_a_token_that_may_change_everything_opens_it(string scope, HttpStatusCode expected)
    {
        using var request = Request(Messages.Admission("H-10"));
        request.Headers.TryAddWithoutValidation("Forwarded", "for=192.0.2.7");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.Token(scope, "p1"));

        using var response = await server.Http.SendAsync(request, Stop);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await using var without = await IngestServer.StartAsync(ingest: new() { HttpAccess = HttpIngestAccess.Off });
        using var request = Request(Messages.Admission("H-11"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", without.Token("system/*.cruds", null));

        using var response = await without.Http.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static HttpRequestMessage Request(string body, string contentType = "application/hl7-v2") => new(HttpMethod.Post, "/hl7v2")
    {
        Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } },
    };

    private static async Task<HttpResponseMessage> PostAsync(IngestServer server, string body, string contentType = "application/hl7-v2")
    {
        using var request = Request(body, contentType);
        return await server.Http.SendAsync(request, Stop);
    }
}
