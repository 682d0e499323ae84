using FhirFacade.Server.Smart;

namespace FhirFacade.Server.Tests.Smart;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class KeyFileTests : IDisposable
{
    private readonly string directory = Path.Combine(Path.GetTempPath(), "fhirfacade-keys-" + Guid.NewGuid().ToString("N"));

    private static readonly byte[] Purpose = "test"u8.ToArray();

    [Fact]
    public void A_key_is_made_once_and_only_its_owner_may_read_it()
    {
        var content = SecretBox.LoadOrCreate(directory).Seal("secret"u8, Purpose);
        Assert.Equal("secret"u8.ToArray(), SecretBox.LoadOrCreate(directory).Open(content, Purpose));
        var file = Assert.Single(Directory.GetFiles(directory));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
    }

    [Fact]
    public async Task Processes_that_start_at_once_agree_on_one_key()
    {
        var boxes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SecretBox.LoadOrCreate(directory))));
        Assert.Single(Directory.GetFiles(directory));
        var content = boxes[0].Seal("secret"u8, Purpose);
        Assert.All(boxes, box => Assert.NotNull(box.Open(content, Purpose)));
    }

    [Fact]
    public void A_key_that_others_may_read_is_not_used()
    {
        SecretBox.LoadOrCreate(directory);
        File.SetUnixFileMode(Directory.GetFiles(directory)[0], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Throws<IOException>(() => SecretBox.LoadOrCreate(directory));
    }

    [Fact]
    public void A_damaged_key_is_an_error_and_not_replaced()
    {
        SecretBox.LoadOrCreate(directory);
        var file = Directory.GetFiles(directory)[0];
        File.WriteAllText(file, "damaged");
        Assert.Throws<IOException>(() => SecretBox.LoadOrCreate(directory));
        Assert.Equal("damaged", File.ReadAllText(file));
    }

    [Fact]
    public void What_is_sealed_opens_for_its_own_purpose_only_and_not_when_it_was_changed()
    {
        var box = SecretBox.LoadOrCreate(directory);
        var content = box.Seal("secret"u8, Purpose);
        Assert.Null(box.Open(content, "another"u8));
        for (var i = 0; i < content.Length; i++)
        {
            var changed = content.ToArray();
            changed[i] ^= 1;
            Assert.Null(box.Open(changed, Purpose));
        }
        Assert.Null(box.Open([], Purpose));
        Assert.NotEqual(content, box.Seal("secret"u8, Purpose));
    }

    [Theory]
    [InlineData("ES384")]
    [InlineData("RS256")]
    public void The_published_key_has_no_private_part_and_the_private_one_comes_back(string algorithm)
    {
        using var key = SigningKey.Create(algorithm);
        using var same = SigningKey.Import(algorithm, key.Export());
        Assert.Equal(key.PublicKey.Kid, same.PublicKey.Kid);
        Assert.Null(key.PublicKey.D);
        Assert.DoesNotContain("\"d\"", key.ToJwk(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
