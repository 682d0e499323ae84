using System.Security.Cryptography;
using FhirFacade.Translation.Messages;

namespace FhirFacade.Translation.Tests.Messages;

public class Sha256Tests
{
    [Fact]
    public void The_hash_of_every_length_is_the_platforms()
    {
        var random = new Random(1);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        for (var length = 0; length < 400; length++)
        {
            var data = new byte[length];
            random.NextBytes(data);
            Sha256.Hash(data, hash);
            Assert.Equal(SHA256.HashData(data), hash.ToArray());
        }
    }
}
