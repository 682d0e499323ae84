using FhirFacade.Server.Pages;
using FhirFacade.Server.Tests.Rest;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Playwright;

namespace FhirFacade.Server.Tests.Pages;

/// <summary>What every page gets from the layout, tried with one that asks for a name and a password.</summary>
public sealed class LayoutTests(FhirServer api, Browser browser) : IClassFixture<FhirServer>
{
    [Fact]
    public void A_text_never_becomes_markup()
    {
        const string evil = "\"><script>alert('x')</script>&amp;";
        Html piece = $"<p title=\"{evil}\">{evil}{Html.Of($"<b>{evil}</b>")}</p>";
        var text = piece.ToString();
        Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
        Assert.Equal(3, text.Split("&amp;amp;").Length - 1);
        Assert.Contains("<b>", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_card_with_a_form_can_be_read_and_filled_in_by_everybody(ColorScheme colours)
    {
        var (html, policy) = await WrittenAsync(Card);
        Assert.Contains("form-action 'self' https://app.example;", policy + ";", StringComparison.Ordinal);
        var (page, complaints) = await browser.WatchAsync(new() { ColorScheme = colours, ViewportSize = new() { Width = 360, Height = 740 } });
        await page.RouteAsync("**/a-card", route => route.FulfillAsync(new() { Body = html, ContentType = "text/html", Headers = [new("Content-Security-Policy", policy)] }));
        await page.GotoAsync(api.Server.Settings.PublicUrl + "/a-card");
        Assert.Empty(await Accessibility.FaultsAsync(page));
        Assert.Equal("The name is not known.", await page.EvaluateAsync<string>("() => document.getElementById(document.getElementById('user').getAttribute('aria-describedby')).textContent"));
        string[] fields = ["user", "password"];
        Assert.Equal(fields, (await Accessibility.FocusOrderAsync(page)).Where(fields.Contains));
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    private static Page Card => new("Sign in", $"""
        <h1>Sign in</h1>
        <p class="lead">An app wants to see your records.</p>
        <p class="notice bad" role="alert">That did not work.</p><p class="notice good">This did.</p><p class="notice">And this is said.</p>
        <form method="post">
        {new Field("user", "User name") { Error = "The name is not known.", Autocomplete = "username", IsRequired = true }.ToHtml()}
        {new Field("password", "Password") { Type = "password", Hint = "At least twelve characters", Autocomplete = "current-password" }.ToHtml()}
        <fieldset><legend>What it may see</legend><ul class="choices"><li><label for="a"><input type="checkbox" id="a" checked><span>Observations<span class="hint">Laboratory values</span></span></label></li></ul></fieldset>
        <p class="actions"><button>Sign in</button><button class="quiet">Cancel</button><button class="danger">Withdraw</button></p>
        </form>
        """)
    { IsCard = true, FormTargets = ["https://app.example"] };

    private async Task<(string Html, string Policy)> WrittenAsync(Page page)
    {
        using var body = new MemoryStream();
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        await new PageLayout(api.Server.Settings, new PageAssets()).WriteAsync(http, page);
        await http.Response.BodyWriter.FlushAsync(TestContext.Current.CancellationToken);
        return (System.Text.Encoding.UTF8.GetString(body.ToArray()), http.Response.Headers.ContentSecurityPolicy.ToString());
    }
}
