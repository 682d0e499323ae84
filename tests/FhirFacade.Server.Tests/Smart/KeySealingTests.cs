using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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

    [Theory]
    [InlineData(".pfx")]
    [InlineData(".pem")]
    public async Task With_a_certificate_the_keys_are_encrypted_to_it_and_opened_with_it_or_one_from_before(string kind)
    {
        var directory = Directory.CreateTempSubdirectory("fhirfacade-keys-");
        try
        {
            var (first, second) = (Certificate(directory, "first" + kind), Certificate(directory, "second" + kind));
            var smart = new SmartOptions { KeyCertificate = first };
            var keys = Path.Combine(directory.FullName, "ring");
            string content;
            await using (var server = await RunningServer.StartAsync(await database.DataSourceAsync(), smart))
            {
                content = server.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("text");
                var files = Directory.GetFiles(Path.Combine(server.DataDirectory, "keys"), "*.xml");
                Assert.NotEmpty(files);
                Assert.All(files, file =>
                {
                    var text = File.ReadAllText(file);
                    Assert.Contains("EncryptedKey", text, StringComparison.Ordinal);
                    Assert.Contains("X509Certificate", text, StringComparison.Ordinal);
                    Assert.DoesNotContain("masterKey", text, StringComparison.Ordinal);
                    Assert.DoesNotContain(nameof(KeyUnsealing), text, StringComparison.Ordinal);
                });
                Directory.CreateDirectory(keys);
                Array.ForEach(files, file => File.Copy(file, Path.Combine(keys, Path.GetFileName(file))));
            }
            Assert.Equal("text", Protector(first).Unprotect(content));
            Assert.Equal("text", Protector(new() { CertificateFile = second.CertificateFile, Password = "secret", Earlier = [first.CertificateFile!] }).Unprotect(content));
            Assert.Throws<CryptographicException>(() => Protector(second).Unprotect(content));

            IDataProtector Protector(KeyCertificateOptions options)
            {
                var ring = Directory.CreateDirectory(Path.Combine(directory.FullName, Guid.NewGuid().ToString()));
                Array.ForEach(Directory.GetFiles(keys), file => File.Copy(file, Path.Combine(ring.FullName, Path.GetFileName(file))));
                var services = new ServiceCollection();
                services.AddLogging();
                KeyCertificates.From(options)!.Protect(services.AddDataProtection().SetApplicationName("fhirfacade").PersistKeysToFileSystem(ring));
                return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_certificate_that_cannot_be_used_stops_the_server_without_a_word_of_its_password()
    {
        var directory = Directory.CreateTempSubdirectory("fhirfacade-keys-");
        try
        {
            var good = Certificate(directory, "good.pfx");
            foreach (var options in new[]
            {
                new KeyCertificateOptions { CertificateFile = "nowhere.pfx" }, new KeyCertificateOptions { CertificateFile = good.CertificateFile, Password = "wrong-canary" }, new KeyCertificateOptions { Earlier = [good.CertificateFile!] },
            })
            {
                var error = Assert.Throws<StartupException>(() => KeyCertificates.From(options));
                Assert.Contains("Smart:KeyCertificate", error.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
            }
            using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var ofCurve = new CertificateRequest("CN=keys", curve, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
            var path = Path.Combine(directory.FullName, "curve.pfx");
            File.WriteAllBytes(path, ofCurve.Export(X509ContentType.Pkcs12));
            Assert.Contains("RSA", Assert.Throws<StartupException>(() => KeyCertificates.From(new() { CertificateFile = path })).Message, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static KeyCertificateOptions Certificate(DirectoryInfo directory, string name)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var path = Path.Combine(directory.FullName, name);
        if (name.EndsWith(".pfx", StringComparison.Ordinal))
        {
            File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, "secret"));
        }
        else
        {
            File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        }
        return new() { CertificateFile = path, Password = "secret" };
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
