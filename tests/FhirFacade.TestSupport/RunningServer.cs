using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using FhirFacade.Attacks.Http;
using FhirFacade.Server.Access;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FhirFacade.TestSupport;

/// <summary>The whole server on a free port of this machine, with a data directory of its own.</summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string directory;

    private RunningServer(WebApplication app, SmartSettings settings, string url, string directory, X509Certificate2? authority)
    {
        this.app = app;
        this.directory = directory;
        Settings = settings;
        Client = Requests.Client(url, authority);
    }

    public SmartSettings Settings { get; }

    public SigningKey Key => app.Services.GetRequiredService<SigningKeys>().AccessKey;

    /// <summary>Its directory, with its keys.</summary>
    public string DataDirectory => directory;

    /// <summary>The server's services, for what has no route.</summary>
    public IServiceProvider Services => app.Services;

    public HttpClient Client { get; }

    public static async Task<RunningServer> StartAsync(NpgsqlDataSource dataSource, SmartOptions? smart = null, bool demo = true, RestOptions? rest = null, HttpOptions? http = null, AccessOptions? access = null, X509Certificate2? authority = null)
    {
        var directory = Directory.CreateTempSubdirectory("fhirfacade-server-").FullName;
        var options = new ServerOptions
        {
            Http = new HttpOptions
            {
                Url = $"{((http ??= new()).Tls.IsEnabled ? "https" : "http")}://127.0.0.1:{FreePort()}",
                PublicUrl = http.PublicUrl,
                Tls = http.Tls,
                RedirectUrl = http.RedirectUrl,
                Hsts = http.Hsts,
                Proxies = http.Proxies,
                HeaderTimeout = http.HeaderTimeout,
                MaxBodyBytes = http.MaxBodyBytes,
                MaxHeaderBytes = http.MaxHeaderBytes,
                MinBytesPerSecond = http.MinBytesPerSecond,
                Http2 = http.Http2,
                MaxStreams = http.MaxStreams,
            },
            Rest = rest ?? new RestOptions(),
            Mllp = new MllpOptions { Port = -1 },
            Smart = smart ?? new SmartOptions(),
            Access = access ?? new AccessOptions(),
            Demo = demo,
            DataDirectory = directory,
        };
        var app = Server.Host.Build(options, dataSource);
        Overheard.Listen(app.Services);
        await app.StartAsync();
        return new RunningServer(app, SmartSettings.From(options), options.Http.Url, directory, authority);
    }

    /// <summary>A token of this server's own issuer, as its token endpoint would sign it.</summary>
    public string Token(string scope, string? patient = null, string client = "test") =>
        app.Services.GetRequiredService<AccessTokens>().Issue(client, client, scope, patient, TimeSpan.FromMinutes(5));

    /// <summary>The same of a person who uses the client.</summary>
    public string TokenOf(string fhirUser, string scope, string? patient, string client)
    {
        Dictionary<string, object> claims = new() { ["fhirUser"] = $"{Settings.FhirBase}/{fhirUser}" };
        if (patient is not null)
        {
            claims["patient"] = patient;
        }

        return app.Services.GetRequiredService<AccessTokens>().Issue("subject", client, scope, claims, TimeSpan.FromMinutes(5));
    }

    /// <summary>Sends one request; <paramref name="token"/> null sends none.</summary>
    public async Task<Answer> SendAsync(
        HttpMethod method, string path, string? token, string? body = null, string contentType = "application/fhir+json", params (string Name, string Value)[] headers)
    {
        ArgumentNullException.ThrowIfNull(method);
        Confided.Note(body);
        var answer = await Requests.SendAsync(Client, method, path, token, body, contentType, headers, CancellationToken.None);
        Overheard.Say($"{method} {path}", (int)answer.Status, answer.Text, answer.Header("Location"), answer.Header("Content-Location"));
        return answer;
    }

    public Task<Answer> GetAsync(string path, string? token, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, token, headers: headers);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
