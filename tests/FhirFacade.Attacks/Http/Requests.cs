using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FhirFacade.Attacks.Http;

/// <summary>Requests as an attacker writes them: nothing is followed, corrected or unpacked on the way.</summary>
public static class Requests
{
    /// <summary>A client that shows every answer as it came.</summary>
    /// <param name="root">Where paths begin.</param>
    /// <param name="authority">The only one whose certificates it believes; null: those that this machine believes.</param>
    public static HttpClient Client(string root, X509Certificate2? authority = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, UseCookies = false };
        if (authority is not null)
        {
            handler.SslOptions.CertificateChainPolicy = Trust.In(authority);
        }
        return new HttpClient(handler) { BaseAddress = new Uri(root.TrimEnd('/') + "/") };
    }

    /// <summary>Sends one request; <paramref name="token"/> null sends none.</summary>
    public static async Task<Answer> SendAsync(
        HttpClient client, HttpMethod method, string path, string? token, string? body, string contentType, IEnumerable<(string Name, string Value)> headers, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(headers);
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await client.SendAsync(request, cancel);
        return await Answer.ReadAsync(response);
    }
}
