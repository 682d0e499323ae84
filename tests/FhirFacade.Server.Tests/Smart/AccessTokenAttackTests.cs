using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FhirFacade.Server.Tests.Rest;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>Every way known to us of making a server believe a token that it did not sign for itself, now.</summary>
public sealed class AccessTokenAttackTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private RunningServer Server => shared.Server;

    private JsonObject Header => new() { ["alg"] = "ES384", ["typ"] = "at+jwt", ["kid"] = Server.Key.PublicKey.Kid };

    private JsonObject Payload => new()
    {
        ["iss"] = Server.Settings.Issuer,
        ["aud"] = Server.Settings.FhirBase,
        ["sub"] = "test",
        ["client_id"] = "test",
        ["scope"] = "system/*.cruds",
        ["jti"] = Guid.NewGuid().ToString(),
        ["nbf"] = Forge.In(TimeSpan.FromSeconds(-10)),
        ["exp"] = Forge.In(TimeSpan.FromMinutes(5)),
    };

    private Func<byte[], byte[]> Ours => Forge.Es384(((ECDsaSecurityKey)Server.Key.SecurityKey).ECDsa);

    [Fact]
    public async Task A_token_forged_with_our_own_key_is_believed_so_that_the_other_tests_prove_something()
    {
        var answer = await Server.GetAsync("fhir/Patient/nobody", Forge.Jwt(Header, Payload, Ours));
        answer.IsOutcome(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Without_a_token_the_answer_is_401_with_a_challenge_and_an_outcome()
    {
        var answer = await Server.GetAsync("fhir/Patient/nobody", token: null);
        answer.IsOutcome(HttpStatusCode.Unauthorized, "login");
        Assert.Equal("Bearer realm=\"fhirfacade\"", answer.Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("nOnE")]
    [InlineData("")]
    public async Task Alg_none_is_refused(string alg)
    {
        await Refused(Forge.Jwt(Header.With("alg", alg), Payload, _ => []));
        await Refused(Forge.Jwt(Header.With("alg", alg), Payload, Ours));
    }

    [Fact]
    public async Task A_public_key_used_as_an_HMAC_secret_is_refused_in_every_form()
    {
        var jwk = Server.Key.PublicKey;
        var jwks = (await Server.GetAsync(".well-known/jwks.json", token: null)).Body;
        var spki = ((ECDsaSecurityKey)Server.Key.SecurityKey).ECDsa.ExportSubjectPublicKeyInfo();
        byte[][] secrets =
        [
            spki, jwks, Encoding.ASCII.GetBytes(((ECDsaSecurityKey)Server.Key.SecurityKey).ECDsa.ExportSubjectPublicKeyInfoPem()),
            Base64UrlEncoder.DecodeBytes(jwk.X), [.. Base64UrlEncoder.DecodeBytes(jwk.X), .. Base64UrlEncoder.DecodeBytes(jwk.Y)],
            Encoding.ASCII.GetBytes(jwk.Kid), [],
        ];
        foreach (var secret in secrets)
        {
            await Refused(Forge.Jwt(Header.With("alg", "HS256"), Payload, Forge.Hs256(secret)));
        }
    }

    [Fact]
    public async Task A_signature_of_zeros_is_refused()
    {
        await Refused(Forge.Jwt(Header, Payload, _ => new byte[96]));
        await Refused(Forge.Jwt(Header, Payload, _ => []));
    }

    [Fact]
    public async Task Another_key_is_refused_however_it_is_announced()
    {
        using var attacker = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        var sign = Forge.Es384(attacker);
        await Refused(Forge.Jwt(Header, Payload, sign));
        await Refused(Forge.Jwt(Header.Without("kid"), Payload, sign));
        await Refused(Forge.Jwt(Header.With("kid", "attacker"), Payload, sign));
        await Refused(Forge.Jwt(Header.With("jwk", Forge.Jwk(attacker, Server.Key.PublicKey.Kid)), Payload, sign));
        await Refused(Forge.Jwt(Header.With("jwk", Forge.Jwk(attacker, "attacker")).With("kid", "attacker"), Payload, sign));
        await Refused(Forge.Jwt(Header.With("jku", "http://127.0.0.1:9/jwks.json").With("kid", "attacker"), Payload, sign));
        await Refused(Forge.Jwt(Header.With("x5u", "http://127.0.0.1:9/cert.pem"), Payload, sign));
        await Refused(Forge.Jwt(Header.With("alg", "RS384"), Payload, Forge.Rs384(rsa)));
        await Refused(Forge.Jwt(Header.With("alg", "RS256"), Payload, Forge.Rs256(rsa)));
    }

    [Theory]
    [InlineData("../../../../../../dev/null")]
    [InlineData("/proc/self/environ")]
    [InlineData("' or 1=1 --")]
    [InlineData("signing-es384.pem")]
    [InlineData("\u0000")]
    [InlineData("")]
    public async Task A_kid_that_is_a_path_or_a_query_finds_no_key(string kid)
    {
        await Refused(Forge.Jwt(Header.With("kid", kid).With("alg", "HS256"), Payload, Forge.Hs256([])));
        await Refused(Forge.Jwt(Header.With("kid", kid), Payload, Ours));
    }

    [Fact]
    public async Task Our_key_under_another_algorithm_of_its_family_is_refused()
    {
        var key = ((ECDsaSecurityKey)Server.Key.SecurityKey).ECDsa;
        await Refused(Forge.Jwt(Header.With("alg", "ES256"), Payload, data => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)));
        await Refused(Forge.Jwt(Header.With("alg", "ES512"), Payload, data => key.SignData(data, HashAlgorithmName.SHA512, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)));
    }

    [Theory]
    [InlineData("https://elsewhere.example/fhir")]
    [InlineData("")]
    public async Task Another_audience_is_refused(string audience)
    {
        await Refused(Forge.Jwt(Header, Payload.With("aud", audience), Ours));
        await Refused(Forge.Jwt(Header, Payload.Without("aud"), Ours));
        await Refused(Forge.Jwt(Header, Payload.With("aud", Server.Settings.FhirBase + "/"), Ours));
        await Refused(Forge.Jwt(Header, Payload.With("aud", Server.Settings.TokenEndpoint), Ours));
    }

    [Fact]
    public async Task Another_issuer_is_refused()
    {
        await Refused(Forge.Jwt(Header, Payload.With("iss", "https://elsewhere.example"), Ours));
        await Refused(Forge.Jwt(Header, Payload.With("iss", Server.Settings.Issuer + "/"), Ours));
        await Refused(Forge.Jwt(Header, Payload.Without("iss"), Ours));
    }

    [Fact]
    public async Task A_token_outside_of_its_time_is_refused()
    {
        var expired = await Refused(Forge.Jwt(Header, Payload.With("nbf", Forge.In(TimeSpan.FromMinutes(-9))).With("exp", Forge.In(TimeSpan.FromSeconds(-1))), Ours), "expired");
        Assert.Contains("invalid_token", expired.Header("WWW-Authenticate"), StringComparison.Ordinal);
        await Refused(Forge.Jwt(Header, Payload.With("nbf", Forge.In(TimeSpan.FromSeconds(60))), Ours));
        await Refused(Forge.Jwt(Header, Payload.Without("exp"), Ours));
        await Refused(Forge.Jwt(Header, Payload.With("exp", "tomorrow"), Ours));
    }

    [Fact]
    public async Task A_remembered_token_stops_at_its_expiry()
    {
        var token = Forge.Jwt(Header, Payload.With("exp", Forge.In(TimeSpan.FromSeconds(3))), Ours);
        Assert.Equal(HttpStatusCode.NotFound, (await Server.GetAsync("fhir/Patient/nobody", token)).Status);
        await Task.Delay(TimeSpan.FromSeconds(3.1), TestContext.Current.CancellationToken);
        await Refused(token, "expired");
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("id_token")]
    [InlineData(null)]
    public async Task A_JWT_of_another_kind_is_no_access_token(string? typ)
    {
        await Refused(Forge.Jwt(typ is null ? Header.Without("typ") : Header.With("typ", typ), Payload, Ours));
    }

    [Fact]
    public async Task A_changed_payload_or_signature_is_refused_even_after_the_true_token_was_seen()
    {
        var token = Forge.Jwt(Header, Payload.With("scope", "system/Patient.r"), Ours);
        Assert.Equal(HttpStatusCode.NotFound, (await Server.GetAsync("fhir/Patient/nobody", token)).Status);
        var parts = token.Split('.');
        await Refused($"{parts[0]}.{Forge.Part(Payload)}.{parts[2]}");
        await Refused($"{parts[0]}.{parts[1]}.{parts[2][..^1]}");
        await Refused($"{parts[0]}.{parts[1]}.");
        await Refused($"{parts[0]}.{parts[1]}");
        var flipped = parts[2].ToCharArray();
        flipped[7] = flipped[7] == 'A' ? 'B' : 'A';
        await Refused($"{parts[0]}.{parts[1]}.{new string(flipped)}");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("{}.{}.{}")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("....")]
    public async Task Garbage_is_refused(string token) => await Refused(token);

    [Fact]
    public async Task A_huge_token_is_refused_without_being_read()
    {
        var answer = await Server.GetAsync("fhir/Patient/nobody", Forge.Jwt(Header, Payload.With("pad", new string('x', 20_000)), Ours));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
    }

    [Fact]
    public async Task A_token_in_the_address_or_under_another_scheme_is_not_looked_at()
    {
        var token = Forge.Jwt(Header, Payload, Ours);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync($"fhir/Patient/nobody?access_token={token}", token: null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync("fhir/Patient/nobody", token: null, ("Authorization", "Basic ZGVtbzpkZW1vLXNlY3JldA=="))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync("fhir/Patient/nobody", token: null, ("Authorization", token))).Status);
    }

    [Fact]
    public async Task Two_patients_in_one_token_are_no_context()
    {
        var token = Forge.Jwt(Header, Payload.With("scope", "patient/*.rs").With("patient", new JsonArray("a", "b")), Ours);
        Assert.Equal(HttpStatusCode.Forbidden, (await Server.GetAsync("fhir/Observation/nobody", token)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("openid profile")]
    [InlineData("patient/*.rs")]
    [InlineData("user/*.cruds")]
    [InlineData("system/Observation.rs")]
    [InlineData("SYSTEM/*.cruds")]
    [InlineData("system/*")]
    public async Task A_true_token_opens_nothing_that_its_scope_does_not_say(string scope)
    {
        var answer = await Server.GetAsync("fhir/Patient/nobody", Forge.Jwt(Header, Payload.With("scope", scope), Ours));
        answer.IsOutcome(HttpStatusCode.Forbidden, "forbidden");
    }

    private async Task<Answer> Refused(string token, string code = "login")
    {
        var answer = await Server.GetAsync("fhir/Patient/nobody", token);
        answer.IsOutcome(HttpStatusCode.Unauthorized, code);
        return answer;
    }
}
