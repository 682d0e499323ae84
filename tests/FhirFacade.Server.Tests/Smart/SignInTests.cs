using System.Net;
using System.Web;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Storage.Accounts;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>Passwords, second factors and locks.</summary>
public sealed class SignInTests(Site site) : IClassFixture<Site>
{
    [Fact]
    public async Task Whatever_is_wrong_the_answer_is_the_same()
    {
        using var launch = new Launch(site);
        var page = await launch.StartAsync();
        var answers = new List<string>();
        foreach (var (user, password) in new[] { (await NewAsync(), "wrong"), ("nobody", Site.Password), ("", ""), (site.Doctor, new string('x', 10_000)) })
        {
            var answer = await launch.Browser.SubmitAsync(page, "/oauth/sign-in", ("user", user), ("password", password));
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
            answers.Add(System.Text.RegularExpressions.Regex.Replace(answer.Text, "value=\"[^\"]*\"", ""));
        }
        Assert.Single(answers.Distinct());
        Assert.DoesNotContain("nobody", answers[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_the_right_one_too_also_when_they_come_at_once()
    {
        var user = await NewAsync();
        var tries = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => RecognizeAsync(user, "wrong")));
        Assert.All(tries, Assert.Null);
        Assert.Null(await RecognizeAsync(user, Site.Password));
        var account = await site.Service<AccountStore>().FindAsync(user, TestContext.Current.CancellationToken);
        Assert.InRange(account!.LockedUntil!.Value, DateTimeOffset.UtcNow.AddSeconds(30), DateTimeOffset.UtcNow.AddSeconds(90));
        await site.Service<People>().SetPasswordAsync(account, Site.Password, TestContext.Current.CancellationToken);
        Assert.NotNull(await RecognizeAsync(user, Site.Password));
    }

    [Fact]
    public async Task A_success_forgets_the_attempts_before_it()
    {
        var user = await NewAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await RecognizeAsync(user, "wrong"));
            Assert.Null(await RecognizeAsync(user, "wrong"));
            Assert.NotNull(await RecognizeAsync(user.ToUpperInvariant(), Site.Password));
        }
    }

    [Fact]
    public async Task A_second_factor_is_asked_for_and_each_code_is_good_once()
    {
        var user = await NewAsync();
        var account = (await site.Service<AccountStore>().FindAsync(user, TestContext.Current.CancellationToken))!;
        var link = new Uri(await site.Service<People>().AddSecondFactorAsync(account, TestContext.Current.CancellationToken));
        var secret = Base32(HttpUtility.ParseQueryString(link.Query)["secret"]!);
        var code = Totp.Code(secret, DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30);
        Assert.Null(await RecognizeAsync(user, Site.Password));
        Assert.Null(await RecognizeAsync(user, Site.Password, "000000"));
        Assert.Null(await RecognizeAsync(user, "wrong", code));
        using var launch = new Launch(site);
        var answer = await launch.Browser.SubmitAsync(await launch.StartAsync(), "/oauth/sign-in", ("user", user), ("password", Site.Password), ("code", code[..3] + " " + code[3..]));
        Assert.Equal("access_denied", launch.Back(answer)["error"]);     // signed in, but there is no patient
        Assert.Null(await RecognizeAsync(user, Site.Password, code));
    }

    [Theory]
    [InlineData(37037037, "050471")]
    [InlineData(37037036, "081804")]
    [InlineData(41152263, "005924")]
    [InlineData(66666666, "279037")]
    public void Codes_are_those_of_the_standard(long step, string code)
    {
        // RFC 6238 appendix B, the last six digits.
        Assert.Equal(code, Totp.Code("12345678901234567890"u8, step));
        Assert.Equal(step, Totp.StepOf("12345678901234567890"u8, code, DateTimeOffset.FromUnixTimeSeconds((step * 30) + 45)));
        Assert.Null(Totp.StepOf("12345678901234567890"u8, code, DateTimeOffset.FromUnixTimeSeconds((step * 30) + 61)));
        Assert.Null(Totp.StepOf("12345678901234567890"u8, code, DateTimeOffset.FromUnixTimeSeconds((step * 30) - 31)));
    }

    [Fact]
    public async Task A_closed_account_loses_its_session_its_refresh_tokens_and_the_way_in()
    {
        var user = await NewAsync("Patient/" + site.Mine);
        using var launch = new Launch(site);
        var token = await launch.ToTokenAsync(user);
        var store = site.Service<AccountStore>();
        await store.ChangeAsync((await store.FindAsync(user, TestContext.Current.CancellationToken))!.Id, null, null, true, TestContext.Current.CancellationToken);
        Assert.Contains("<h1>Sign in</h1>", (await launch.StartAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await launch.RefreshAsync(token.Json.GetProperty("refresh_token").GetString()!)).Status);
        Assert.Null(await RecognizeAsync(user, Site.Password));
    }

    [Fact]
    public async Task People_of_the_demo_do_not_exist_without_its_switch()
    {
        var user = "demo-" + Guid.NewGuid().ToString("N");
        await site.Service<People>().AddAsync(user, "Demo", Site.Password, "Practitioner/" + site.Practitioner, demo: true, TestContext.Current.CancellationToken);
        Assert.Null(await RecognizeAsync(user, Site.Password));
    }

    private Task<Account?> RecognizeAsync(string user, string password, string code = "") => site.Service<People>().RecognizeAsync(user, password, code, TestContext.Current.CancellationToken);

    private async Task<string> NewAsync(string? fhirUser = null)
    {
        var user = "user-" + Guid.NewGuid().ToString("N");
        await site.Service<People>().AddAsync(user, "Somebody", Site.Password, fhirUser, demo: false, TestContext.Current.CancellationToken);
        return user;
    }

    private static byte[] Base32(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }
}
