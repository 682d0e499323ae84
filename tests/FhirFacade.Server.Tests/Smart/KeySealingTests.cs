using System.Security.Cryptography;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Tests.Rest;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>What is on disk and in the database is of no use without the sealing key.</summary>
public sealed class KeySealingTests(SharedDatabase database)
{
    [Fact]
    public async Task The_keys_of_forms_and_page_links_are_sealed_where_they_are_kept()
    {
        await using var server = await RunningServer.StartAsync(await database.DataSourceAsync(), new SmartOptions { SealingKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) });
        server.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("text");
        var files = Directory.GetFiles(Path.Combine(server.DataDirectory, "keys"));
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.EndsWith(".xml", file, StringComparison.Ordinal));      // the sealing key itself is elsewhere
        Assert.All(files, file =>
        {
            var text = File.ReadAllText(file);
            Assert.Contains(nameof(KeyUnsealing), text, StringComparison.Ordinal);
            Assert.DoesNotContain("masterKey", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Another_instance_with_the_same_sealing_key_opens_them_and_nobody_else()
    {
        var directory = Directory.CreateTempSubdirectory("fhirfacade-keys-");
        try
        {
            var (one, other) = (Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            var content = Protector(directory, one).Protect("text");
            Assert.Equal("text", Protector(directory, one).Unprotect(content));
            Assert.Throws<CryptographicException>(() => Protector(directory, other).Unprotect(content));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static IDataProtector Protector(DirectoryInfo directory, string key)
    {
        var services = new ServiceCollection();
        services.AddSingleton(SecretBox.Of(SmartSettings.From(new ServerOptions { Smart = new() { SealingKey = key }, DataDirectory = directory.FullName })));
        services.AddLogging();
        services.AddDataProtection().SetApplicationName("fhirfacade").PersistKeysToFileSystem(directory);
        services.AddOptions<KeyManagementOptions>().Configure<SecretBox>((keys, box) => keys.XmlEncryptor = new KeySealing(box));
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
    }
}
