using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using FhirFacade.Fhir.Xml;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>XML in and out, and what else a client may ask of the form of an answer.</summary>
public sealed class XmlTests(FhirServer api) : IClassFixture<FhirServer>, IAsyncLifetime
{
    private static readonly XNamespace Fhir = "http://hl7.org/fhir";
    private readonly string id = FhirServer.NewId();

    public async ValueTask InitializeAsync() => await api.PutAsync(FhirServer.Patient(id));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("application/fhir+xml", "application/fhir+xml")]
    [InlineData("application/xml", "application/xml")]
    [InlineData("text/xml", "text/xml")]
    [InlineData("application/fhir+json;q=0.5, application/fhir+xml;q=0.9", "application/fhir+xml")]
    public async Task The_accepted_XML_is_what_comes_and_says_the_same_as_the_JSON(string accept, string contentType)
    {
        var xml = await api.GetAsync($"Patient/{id}", ("Accept", accept));
        Assert.StartsWith(contentType, xml.Header("Content-Type"), StringComparison.Ordinal);
        var read = XmlResourceReader.Read(xml.Body);
        Assert.Empty(read.Issues);
        Assert.True(JsonElement.DeepEquals((await api.GetAsync($"Patient/{id}")).Json, JsonElement.Parse(read.ToJson())));
    }

    [Fact]
    public async Task A_resource_may_be_written_as_XML()
    {
        const string Body = """<Patient xmlns="http://hl7.org/fhir"><name><family value="Übel"/></name><gender value="male"/></Patient>""";
        var created = await api.Server.SendAsync(HttpMethod.Post, "fhir/Patient", api.Root, Body, "application/fhir+xml; charset=utf-8", ("Accept", "application/fhir+xml"));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var own = XDocument.Parse(created.Text).Root!.Element(Fhir + "id")!.Attribute("value")!.Value;
        Assert.Equal("Übel", (await api.GetAsync($"Patient/{own}")).Json.GetProperty("name")[0].GetProperty("family").GetString());

        foreach (var wrong in new[] { "<Patient", "<Patient/>", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Patient xmlns=\"http://hl7.org/fhir\"><language value=\"&e;\"/></Patient>" })
        {
            var refused = await api.Server.SendAsync(HttpMethod.Post, "fhir/Patient", api.Root, wrong, "application/fhir+xml");
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        }
    }

    [Fact]
    public async Task Bundles_parts_and_errors_come_as_XML_too()
    {
        var bundle = XDocument.Parse((await api.GetAsync($"Patient?_id={id}&_format=xml")).Text).Root!;
        Assert.Equal("Bundle", bundle.Name.LocalName);
        Assert.Equal(id, bundle.Element(Fhir + "entry")!.Element(Fhir + "resource")!.Element(Fhir + "Patient")!.Element(Fhir + "id")!.Attribute("value")!.Value);
        Assert.Empty(XmlResourceReader.Read((await api.GetAsync($"Patient/{id}/_history?_format=xml")).Body).Issues);
        var part = XDocument.Parse((await api.GetAsync($"Patient/{id}?_summary=true&_format=xml")).Text).Root!;
        Assert.Null(part.Element(Fhir + "text"));
        Assert.Equal("SUBSETTED", part.Element(Fhir + "meta")!.Element(Fhir + "tag")!.Element(Fhir + "code")!.Attribute("value")!.Value);
        var error = await api.GetAsync("Patient/nobody", ("Accept", "application/fhir+xml"));
        Assert.Equal(HttpStatusCode.NotFound, error.Status);
        Assert.Equal("OperationOutcome", XDocument.Parse(error.Text).Root!.Name.LocalName);
        Assert.Equal("CapabilityStatement", XDocument.Parse((await api.GetAsync("metadata?_format=xml")).Text).Root!.Name.LocalName);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task An_answer_is_compressed_for_who_takes_it(string encoding)
    {
        var plain = await api.GetAsync("metadata");
        var packed = await api.GetAsync("metadata", ("Accept-Encoding", encoding));
        Assert.Equal(encoding, packed.Header("Content-Encoding"));
        Assert.True(packed.Body.Length < plain.Body.Length / 4, $"{packed.Body.Length} of {plain.Body.Length}");
        using var stream = new MemoryStream(packed.Body);
        using Stream unpacked = encoding == "gzip" ? new System.IO.Compression.GZipStream(stream, System.IO.Compression.CompressionMode.Decompress) : new System.IO.Compression.BrotliStream(stream, System.IO.Compression.CompressionMode.Decompress);
        using var copy = new MemoryStream();
        await unpacked.CopyToAsync(copy, TestContext.Current.CancellationToken);
        Assert.Equal(plain.Body, copy.ToArray());
        Assert.Equal("Accept-Encoding", packed.Header("Vary"));
    }

    [Fact]
    public async Task HEAD_says_what_GET_would_and_sends_nothing()
    {
        var get = await api.GetAsync($"Patient/{id}");
        var head = await api.Server.SendAsync(HttpMethod.Head, $"fhir/Patient/{id}", api.Root);
        Assert.Empty(head.Body);
        foreach (var name in new[] { "ETag", "Last-Modified", "Content-Type", "Content-Length" })
        {
            Assert.Equal(get.Header(name), head.Header(name));
        }
    }

    [Fact]
    public async Task A_browser_is_told_what_its_apps_may_do()
    {
        var preflight = await api.Server.SendAsync(HttpMethod.Options, "fhir/Patient/1", token: null, headers:
            [("Origin", "https://app.example"), ("Access-Control-Request-Method", "PATCH"), ("Access-Control-Request-Headers", "authorization,if-match,content-type")]);
        Assert.Equal(HttpStatusCode.NoContent, preflight.Status);
        Assert.Equal("*", preflight.Header("Access-Control-Allow-Origin"));
        Assert.Contains("PATCH", preflight.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        var answer = await api.GetAsync($"Patient/{id}", ("Origin", "https://app.example"));
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        Assert.Contains("ETag", answer.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Null(answer.Header("Access-Control-Allow-Credentials"));
        var options = await api.Server.SendAsync(HttpMethod.Options, $"fhir/Patient/{id}", api.Root);
        Assert.Equal(HttpStatusCode.NoContent, options.Status);
        Assert.Contains("PATCH", options.Header("Allow"), StringComparison.Ordinal);
    }
}
