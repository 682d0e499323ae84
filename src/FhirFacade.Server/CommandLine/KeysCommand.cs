using System.CommandLine;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Authorizations;
using FhirFacade.Storage.Schema;

namespace FhirFacade.Server.CommandLine;

/// <summary><c>fhirfacade keys list|rotate</c>: the keys that tokens are signed with.</summary>
internal static class KeysCommand
{
    private static readonly Option<bool> Compromised = new("--compromised") { Description = "believe nothing more that the old ones have signed" };

    public static Command Create()
    {
        var list = new Command("list", "List the keys that are believed.");
        list.SetAction(async (line, stop) =>
        {
            await using var dataSource = DataSources.Create(Settings.Database(line));
            foreach (var key in await new SigningKeyStore(dataSource).ReadAsync(stop))
            {
                Console.WriteLine($"{key.Kid}  {key.Algorithm}  {key.CreatedAt:yyyy-MM-dd HH:mm}Z  {(key.IsRetired ? "retired" : "signs")}");
            }

            return 0;
        });
        var rotate = new Command("rotate", "Make new keys; tokens of the old ones are good until they expire.") { Compromised };
        rotate.SetAction(async (line, stop) =>
        {
            await using var dataSource = DataSources.Create(Settings.Database(line));
            using var keys = Open(dataSource, SmartSettings.From(Settings.Load(line)));
            await keys.RotateAsync(line.GetValue(Compromised) ? TimeSpan.Zero : SigningKeys.BelievedAfterRotation, stop);
            Console.WriteLine($"{keys.AccessKey.PublicKey.Kid} signs access tokens, {keys.IdentityKey.PublicKey.Kid} signs id_tokens");
            return 0;
        });
        return new("keys", "Look at the keys that tokens are signed with, and change them.") { list, rotate };
    }

    /// <summary>The keys of the server that uses this database and this data directory; not loaded yet.</summary>
    public static SigningKeys Open(Npgsql.NpgsqlDataSource dataSource, SmartSettings settings) =>
        new(new SigningKeyStore(dataSource), SecretBox.Of(settings), settings, TimeProvider.System);
}
