using FhirFacade.Attacks.Http;
using FhirFacade.Attacks.Worlds;

namespace FhirFacade.Attacks.Scripts;

/// <summary>Where a script plays: the server, the world in it, and the attacker's token.</summary>
public sealed record Stage(Site Site, World World, Attacker Attacker, string Token)
{
    /// <summary>Asks as the attacker.</summary>
    public Task<Answer> GetAsync(string path, params IEnumerable<(string Name, string Value)> headers) => SendAsync(HttpMethod.Get, path, null, headers);

    /// <summary>Sends as the attacker; names are written out.</summary>
    public Task<Answer> SendAsync(HttpMethod method, string path, string? body, params IEnumerable<(string Name, string Value)> headers) => SendAsAsync(Token, method, path, body, headers);

    /// <summary>The same with another token.</summary>
    public Task<Answer> SendAsAsync(string? token, HttpMethod method, string path, string? body = null, params IEnumerable<(string Name, string Value)> headers)
    {
        var type = headers.FirstOrDefault(h => h.Name == "Content-Type").Value ?? "application/fhir+json";
        var said = headers.Where(h => h.Name != "Content-Type").Select(h => (h.Name, World.Named(h.Value)));
        return Site.SendAsync(method, World.Named(path), token, body is null ? null : World.Named(body), type, token == Token ? said.Concat(Attacker.Headers) : said);
    }

    /// <summary>Follows a link of the server.</summary>
    public async Task<Answer> FollowAsync(string token, HttpMethod method, string link)
    {
        var address = new Uri(link).PathAndQuery;
        return await Site.SendAsync(method, address[(Site.Target.FhirBase.AbsolutePath.TrimEnd('/').Length + 1)..], token);
    }

    /// <summary>Whether the answer says a word that the attacker may not hear.</summary>
    public bool Sings(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Attacker.Forbidden.Any(word => answer.Text.Contains(word, StringComparison.Ordinal));
    }
}
