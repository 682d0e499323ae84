using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Tests.Configuration;

/// <summary>Secrets that come from files, as orchestrators mount them.</summary>
public sealed class SecretFilesTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("fhirfacade-secrets-").FullName;

    [Theory]
    [InlineData("Storage:ConnectionString", "Host=db;Password=canary-value")]
    [InlineData("Http:Tls:Password", "canary-value")]
    [InlineData("Smart:SealingKey", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    public void Every_secret_may_be_in_a_file_and_a_last_line_break_is_none_of_it(string setting, string value)
    {
        var options = ServerConfiguration.Load(overrides: [new(setting + ":File", Write(value + "\n"))]);
        Assert.Equal(value, setting switch { "Storage:ConnectionString" => options.Storage.ConnectionString, "Http:Tls:Password" => options.Http.Tls.Password, _ => options.Smart.SealingKey });
    }

    [Fact]
    public void What_is_wrong_is_said_by_the_name_of_the_setting_and_never_by_the_value()
    {
        foreach (var overrides in new KeyValuePair<string, string?>[][]
        {
            [new("Storage:ConnectionString:File", Write("canary-value")), new("Storage:ConnectionString", "canary-value")],
            [new("Storage:ConnectionString:File", Path.Combine(directory, "none"))],
            [new("Storage:ConnectionString:File", Write(new string('x', 70_000)))],
            [new("Storage:ConnectionString:File", directory)],
        })
        {
            var error = Assert.Throws<StartupException>(() => ServerConfiguration.Load(overrides: overrides));
            Assert.Contains("Storage:ConnectionString", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("canary", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_no_secret_has_no_file()
    {
        var error = Assert.Throws<StartupException>(() => ServerConfiguration.Load(overrides: [new("DataDirectory:File", Write("var"))]));
        Assert.Contains("configuration", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sealing_key_that_is_none_is_refused()
    {
        foreach (var key in new[] { "", "AAAA", "not base64!", Convert.ToBase64String(new byte[33]) })
        {
            var error = Assert.Throws<StartupException>(() => Server.Smart.SmartSettings.From(new ServerOptions { Smart = new() { SealingKey = key } }));
            Assert.Contains("Smart:SealingKey", error.Message, StringComparison.Ordinal);
            Assert.True(key.Length == 0 || !error.Message.Contains(key, StringComparison.Ordinal));
        }
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private string Write(string content)
    {
        var file = Path.Combine(directory, Guid.NewGuid().ToString("N"));
        File.WriteAllText(file, content);
        return file;
    }
}
