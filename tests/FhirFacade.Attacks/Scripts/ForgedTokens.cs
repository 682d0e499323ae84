using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Attacks.Http;
using FhirFacade.Attacks.Tokens;

namespace FhirFacade.Attacks.Scripts;

/// <summary>
/// Every way known of making a server believe a token that it did not sign for itself, now. Those that need the server's own key, to see that nothing but the claim in
/// question is refused, are left out where nobody has it.
/// </summary>
public sealed class ForgedTokens
{
    private const string Path = "Patient/nobody";

    private readonly Site site;
    private readonly string token;
    private readonly JsonElement publicKey;
    private readonly string keys;

    private ForgedTokens(Site site, string token, JsonElement publicKey, string keys) => (this.site, this.token, this.publicKey, this.keys) = (site, token, publicKey, keys);

    /// <summary>What they are called.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. new ForgedTokens(null!, "e30.e30.", default, "").All().Select(attack => attack.Name)];

    /// <summary>Tries them all.</summary>
    public static async Task<IReadOnlyList<Finding>> RunAsync(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        var token = await site.TokenAsync(site.Target.Owner, "system/*.cruds");
        var keys = await site.GetAsync(site.KeysEndpoint);
        var kid = JsonElement.Parse(Base64Url.DecodeFromChars(token.Split('.')[0])).GetProperty("kid").GetString();
        var stage = new ForgedTokens(site, token, keys.Json.GetProperty("keys").EnumerateArray().First(key => key.GetProperty("kid").GetString() == kid), keys.Text);
        var findings = new List<Finding>();
        foreach (var (name, needsKey, expected, forge) in stage.All())
        {
            findings.Add(needsKey && site.Target.ServerKey is null
                ? new Finding(name, "forger", Verdict.NotApplicable, "it takes the server's own key")
                : await stage.TryAsync(name, expected, forge()));
        }
        return findings;
    }

    private JsonObject Header => Part(0);

    private JsonObject Payload => Part(1).With("jti", Guid.NewGuid().ToString());

    private Func<byte[], byte[]> Ours => Forge.Es384(site.Target.ServerKey!);

    private IEnumerable<(string Name, bool NeedsKey, HttpStatusCode Expected, Func<IEnumerable<string>> Tokens)> All()
    {
        yield return Without("forged tokens: alg none", () => Each(["none", "None", "NONE", "nOnE", ""], alg => Forge.Jwt(Header.With("alg", alg), Payload, _ => [])));
        yield return Without("forged tokens: a public key as an HMAC secret", () => Secrets().Select(secret => Forge.Jwt(Header.With("alg", "HS256"), Payload, Forge.Hs256(secret))));
        yield return Without("forged tokens: a signature of zeros, or none", () => [Forge.Jwt(Header, Payload, _ => new byte[96]), Forge.Jwt(Header, Payload, _ => [])]);
        yield return Without("forged tokens: another key, however it is announced", OtherKeys);
        yield return Without("forged tokens: a kid that is a path or a query", () => Each(["../../../../../../dev/null", "/proc/self/environ", "' or 1=1 --", "signing-es384.pem", "\u0000", ""], kid => Forge.Jwt(Header.With("kid", kid).With("alg", "HS256"), Payload, Forge.Hs256([]))));
        yield return Without("forged tokens: another payload under a true signature", Changed);
        yield return Without("forged tokens: garbage", () => ["x", "a.b.c", "..", "{}.{}.{}", "eyJhbGciOiJub25lIn0.e30.", "....", Forge.Jwt(Header, Payload.With("pad", new string('x', 20_000)), _ => new byte[96])]);
        yield return With("forged tokens: a kid that is a path or a query, with the server's key", () => Each(["../../../../../../dev/null", "/proc/self/environ", "' or 1=1 --", ""], kid => Forge.Jwt(Header.With("kid", kid), Payload, Ours)));
        yield return With("forged tokens: none as algorithm, with the server's key", () => Each(["none", "nOnE", ""], alg => Forge.Jwt(Header.With("alg", alg), Payload, Ours)));
        yield return With("forged tokens: the server's key under another algorithm", OtherAlgorithms);
        yield return With("forged tokens: another audience", () => Each([null, "", "https://elsewhere.example/fhir", site.FhirBase + "/", site.TokenEndpoint], aud => Forge.Jwt(Header, Claim("aud", aud), Ours)));
        yield return With("forged tokens: another issuer", () => Each([null, "https://elsewhere.example", site.Issuer + "/"], iss => Forge.Jwt(Header, Claim("iss", iss), Ours)));
        yield return With("forged tokens: outside of their time", () =>
        [
            Forge.Jwt(Header, Payload.With("nbf", Forge.In(TimeSpan.FromMinutes(-9))).With("exp", Forge.In(TimeSpan.FromSeconds(-1))), Ours), Forge.Jwt(Header, Payload.With("nbf", Forge.In(TimeSpan.FromSeconds(60))), Ours),
            Forge.Jwt(Header, Payload.Without("exp"), Ours), Forge.Jwt(Header, Payload.With("exp", "tomorrow"), Ours),
        ]);
        yield return With("forged tokens: a JWT of another kind", () => Each([null, "JWT", "id_token"], typ => Forge.Jwt(typ is null ? Header.Without("typ") : Header.With("typ", typ), Payload, Ours)));
        yield return ("forged tokens: two patients in one", true, HttpStatusCode.Forbidden, () => [Forge.Jwt(Header, Payload.With("scope", "patient/*.rs").With("patient", new JsonArray("a", "b")), Ours)]);
        yield return ("forged tokens: scopes that open nothing", true, HttpStatusCode.Forbidden, () =>
            Each(["", "openid profile", "patient/*.rs", "user/*.cruds", "system/Observation.rs", "SYSTEM/*.cruds", "system/*"], scope => Forge.Jwt(Header, Payload.With("scope", scope), Ours)));
        yield return ("forged tokens: one that is right is believed, so that the others prove something", true, HttpStatusCode.NotFound, () => [Forge.Jwt(Header, Payload, Ours)]);
    }

    private static (string, bool, HttpStatusCode, Func<IEnumerable<string>>) Without(string name, Func<IEnumerable<string>> forge) => (name, false, HttpStatusCode.Unauthorized, forge);

    private static (string, bool, HttpStatusCode, Func<IEnumerable<string>>) With(string name, Func<IEnumerable<string>> forge) => (name, true, HttpStatusCode.Unauthorized, forge);

    private static IEnumerable<string> Each(string?[] values, Func<string?, string> forge) => values.Select(forge);

    private async Task<Finding> TryAsync(string name, HttpStatusCode expected, IEnumerable<string> forged)
    {
        var tried = 0;
        foreach (var jwt in forged)
        {
            tried++;
            var answer = await site.SendAsync(HttpMethod.Get, Path, jwt);
            if (answer.Status != expected)
            {
                return new Finding(name, "forger", Verdict.Leaked, $"number {tried}: {(int)answer.Status}");
            }
        }
        return new Finding(name, "forger", Verdict.Held, "");
    }

    private IEnumerable<byte[]> Secrets()
    {
        var (x, y) = (Base64Url.DecodeFromChars(publicKey.GetProperty("x").GetString()), Base64Url.DecodeFromChars(publicKey.GetProperty("y").GetString()));
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP384, Q = new ECPoint { X = x, Y = y } });
        return [key.ExportSubjectPublicKeyInfo(), Encoding.UTF8.GetBytes(keys), Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()), x, [.. x, .. y], Encoding.UTF8.GetBytes(publicKey.GetProperty("kid").GetString()!), []];
    }

    private IEnumerable<string> OtherKeys()
    {
        using var attacker = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        var sign = Forge.Es384(attacker);
        return
        [
            Forge.Jwt(Header, Payload, sign), Forge.Jwt(Header.Without("kid"), Payload, sign), Forge.Jwt(Header.With("kid", "attacker"), Payload, sign),
            Forge.Jwt(Header.With("jwk", Forge.Jwk(attacker, publicKey.GetProperty("kid").GetString()!)), Payload, sign),
            Forge.Jwt(Header.With("jwk", Forge.Jwk(attacker, "attacker")).With("kid", "attacker"), Payload, sign),
            Forge.Jwt(Header.With("jku", "http://127.0.0.1:9/jwks.json").With("kid", "attacker"), Payload, sign), Forge.Jwt(Header.With("x5u", "http://127.0.0.1:9/cert.pem"), Payload, sign),
            Forge.Jwt(Header.With("alg", "RS384"), Payload, Forge.Rs384(rsa)), Forge.Jwt(Header.With("alg", "RS256"), Payload, Forge.Rs256(rsa)),
        ];
    }

    private IEnumerable<string> OtherAlgorithms()
    {
        var key = site.Target.ServerKey!;
        return
        [
            Forge.Jwt(Header.With("alg", "ES256"), Payload, data => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)),
            Forge.Jwt(Header.With("alg", "ES512"), Payload, data => key.SignData(data, HashAlgorithmName.SHA512, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)),
        ];
    }

    private IEnumerable<string> Changed()
    {
        var parts = token.Split('.');
        var flipped = parts[2].ToCharArray();
        flipped[7] = flipped[7] == 'A' ? 'B' : 'A';
        return [$"{parts[0]}.{Forge.Part(Payload)}.{parts[2]}", $"{parts[0]}.{parts[1]}.{parts[2][..^1]}", $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}", $"{parts[0]}.{parts[1]}.{new string(flipped)}"];
    }

    private JsonObject Claim(string name, string? value) => value is null ? Payload.Without(name) : Payload.With(name, value);

    private JsonObject Part(int index) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[index]))!.AsObject();
}
