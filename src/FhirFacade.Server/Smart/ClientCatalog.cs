using FhirFacade.Storage.Clients;

namespace FhirFacade.Server.Smart;

/// <summary>Finds clients: those of the settings first, then those of the database.</summary>
public sealed class ClientCatalog(SmartSettings settings, ClientStore store)
{
    /// <summary>The client of that id; null if there is none, or it is closed.</summary>
    public async Task<SmartClient?> FindAsync(string? id, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(id) || id.Length > 200 || id.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }
        return settings.Clients.FirstOrDefault(c => string.Equals(c.Id, id, StringComparison.Ordinal))
            ?? (await store.FindAsync(id, cancellationToken) is { IsDisabled: false } registered ? SmartClient.From(registered) : null);
    }
}
