using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace FhirFacade.Server.Smart;

/// <summary>Seals the framework's data protection keys, with which forms and page links are sealed, before they are written to their files.</summary>
public sealed class KeySealing(SecretBox box) : IXmlEncryptor
{
    internal static readonly byte[] Purpose = "data protection key"u8.ToArray();

    /// <inheritdoc/>
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        ArgumentNullException.ThrowIfNull(plaintextElement);
        var content = box.Seal(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)), Purpose);
        return new(new XElement("sealed", Convert.ToBase64String(content)), typeof(KeyUnsealing));
    }
}

/// <summary>Opens what <see cref="KeySealing"/> sealed; made by the framework.</summary>
public sealed class KeyUnsealing(IServiceProvider services) : IXmlDecryptor
{
    /// <inheritdoc/>
    /// <exception cref="CryptographicException">It was sealed with another key.</exception>
    public XElement Decrypt(XElement encryptedElement)
    {
        ArgumentNullException.ThrowIfNull(encryptedElement);
        return services.GetRequiredService<SecretBox>().Open(Convert.FromBase64String(encryptedElement.Value), KeySealing.Purpose) is { } content
            ? XElement.Parse(Encoding.UTF8.GetString(content))
            : throw new CryptographicException("a data protection key was sealed with another sealing key");
    }
}
