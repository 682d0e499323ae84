namespace FhirFacade.Fuzz.Mutation;

/// <summary>Damage that knows nothing of what it damages.</summary>
internal static class ByteMutator
{
    /// <summary>Changes a few places: bits, bytes, pieces left out, doubled, moved, or replaced by telling ones.</summary>
    public static byte[] Mutate(byte[] input, Random random, IReadOnlyList<byte[]> tellingPieces)
    {
        var bytes = new List<byte>(input);
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(bytes.Count - at, 1 << random.Next(12));
            switch (random.Next(7))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3 when bytes.Count < 1 << 20:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    var piece = bytes.GetRange(at, length);
                    bytes.RemoveRange(at, length);
                    bytes.InsertRange(random.Next(bytes.Count + 1), piece);
                    break;
                case 5 when times == 1:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, tellingPieces[random.Next(tellingPieces.Count)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
