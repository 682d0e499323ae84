using FhirFacade.Server.Smart;

namespace FhirFacade.Server.Tests.Smart;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class KeyFileTests : IDisposable
{
    private readonly string directory = Path.Combine(Path.GetTempPath(), "fhirfacade-keys-" + Guid.NewGuid().ToString("N"));

    [Fact]
    public void A_key_is_made_once_and_only_its_owner_may_read_it()
    {
        using var first = SigningKey.LoadOrCreate(directory);
        using var second = SigningKey.LoadOrCreate(directory);
        Assert.Equal(first.PublicKey.Kid, second.PublicKey.Kid);
        var file = Assert.Single(Directory.GetFiles(directory));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
    }

    [Fact]
    public async Task Processes_that_start_at_once_agree_on_one_key()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SigningKey.LoadOrCreate(directory))));
        Assert.Single(keys.Select(k => k.PublicKey.Kid).Distinct());
        Assert.Single(Directory.GetFiles(directory));
        Array.ForEach(keys, k => k.Dispose());
    }

    [Fact]
    public void A_key_that_others_may_read_is_not_used()
    {
        SigningKey.LoadOrCreate(directory).Dispose();
        File.SetUnixFileMode(Directory.GetFiles(directory)[0], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Throws<IOException>(() => SigningKey.LoadOrCreate(directory));
    }

    [Fact]
    public void A_damaged_key_is_an_error_and_not_replaced()
    {
        SigningKey.LoadOrCreate(directory).Dispose();
        var file = Directory.GetFiles(directory)[0];
        File.WriteAllText(file, "damaged");
        Assert.Throws<IOException>(() => SigningKey.LoadOrCreate(directory));
        Assert.Equal("damaged", File.ReadAllText(file));
    }

    [Fact]
    public void The_published_key_has_no_private_part()
    {
        using var key = SigningKey.LoadOrCreate(directory);
        Assert.Null(key.PublicKey.D);
        Assert.Equal("P-384", key.PublicKey.Crv);
    }

    [Fact]
    public void Development_tokens_can_be_signed_again_and_again_and_only_for_demonstrations()
    {
        var settings = new SmartSettings("http://127.0.0.1:8080", directory, Demo: true, null, TimeSpan.FromMinutes(5), []);
        Assert.NotNull(DevelopmentToken.Issue(settings, "system/*.rs", null));
        Assert.NotNull(DevelopmentToken.Issue(settings, "patient/*.rs", "x"));
        Assert.Null(DevelopmentToken.Issue(settings with { Demo = false }, "system/*.rs", null));
        Assert.Null(DevelopmentToken.Issue(settings with { Authority = new Uri("https://issuer.example") }, "system/*.rs", null));
    }

    public void Dispose()
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
