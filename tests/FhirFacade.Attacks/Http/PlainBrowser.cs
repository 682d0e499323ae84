using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace FhirFacade.Attacks.Http;

/// <summary>What a browser without scripts does: keeps cookies, reads pages, fills in and sends forms. It follows no redirect, so that tests see them.</summary>
public sealed partial class PlainBrowser(string root, X509Certificate2? authority = null) : IDisposable
{
    private readonly HttpClientHandler handler = new()
    {
        AllowAutoRedirect = false,
        CookieContainer = new CookieContainer(),
        ServerCertificateCustomValidationCallback = (_, shown, chain, errors) => authority is null ? errors == System.Net.Security.SslPolicyErrors.None : IsFrom(authority, shown!, chain!),
    };
    private HttpClient? client;

    private static bool IsFrom(X509Certificate2 authority, X509Certificate2 shown, X509Chain chain)
    {
        chain.ChainPolicy = Trust.In(authority);
        return chain.Build(shown);
    }

    public CookieCollection Cookies => handler.CookieContainer.GetCookies(new Uri(root));

    private HttpClient Client => client ??= new HttpClient(handler) { BaseAddress = new Uri(root + "/") };

    public async Task<Answer> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return await Answer.ReadAsync(response);
    }

    public async Task<Answer> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> form)
    {
        using var body = new FormUrlEncodedContent(form);
        using var response = await Client.PostAsync(path, body);
        return await Answer.ReadAsync(response);
    }

    /// <summary>Sends the form of the page that goes to the path, with its hidden fields and ticked boxes, as <paramref name="change"/> leaves them.</summary>
    public Task<Answer> SubmitAsync(Answer page, string action, Action<List<KeyValuePair<string, string>>> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var fields = Fields(page, action);
        change(fields);
        return PostAsync(action, fields);
    }

    public Task<Answer> SubmitAsync(Answer page, string action, params (string Name, string Value)[] more) =>
        SubmitAsync(page, action, fields => fields.AddRange(more.Select(m => KeyValuePair.Create(m.Name, m.Value))));

    /// <summary>The fields that the form sends if nothing is touched.</summary>
    public static List<KeyValuePair<string, string>> Fields(Answer page, string action)
    {
        ArgumentNullException.ThrowIfNull(page);
        var form = Forms().Matches(page.Text).FirstOrDefault(f => f.Groups["action"].Value.EndsWith(action, StringComparison.Ordinal))
            ?? throw new UnexpectedAnswerException($"the page has no form to {action}", page);
        return [.. Inputs().Matches(form.Groups["body"].Value)
            .Where(i => i.Value.Contains("type=\"hidden\"", StringComparison.Ordinal) || i.Value.Contains(" checked", StringComparison.Ordinal))
            .Select(i => KeyValuePair.Create(WebUtility.HtmlDecode(i.Groups["name"].Value), WebUtility.HtmlDecode(i.Groups["value"].Value)))];
    }

    public void Dispose()
    {
        client?.Dispose();
        handler.Dispose();
    }

    [GeneratedRegex("""<form [^>]*action="(?<action>[^"]*)"[^>]*>(?<body>.*?)</form>""", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("""<input [^>]*name="(?<name>[^"]*)"[^>]*value="(?<value>[^"]*)"[^>]*>""")]
    private static partial Regex Inputs();
}
