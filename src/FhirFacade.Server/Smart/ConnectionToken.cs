using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FhirFacade.Server.Smart;

/// <summary>The token that came last over a connection and has passed. Most connections bring one token again and again, and the server then gives the same text for it each time.</summary>
internal sealed class ConnectionToken
{
    private Last? last;

    /// <summary>Gives each connection of a listener one.</summary>
    public static void Use(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set(new ConnectionToken());
        return next(connection);
    });

    /// <summary>What has passed, if it came with this very text and not only with an equal one: so nothing is compared that a stranger could guess at.</summary>
    public PassedToken? Find(string header) => Volatile.Read(ref last) is { } one && ReferenceEquals(one.Header, header) ? one.Token : null;

    /// <summary>Takes the place of the one before.</summary>
    /// <param name="header">The header that brought it.</param>
    /// <param name="token">What has passed.</param>
    public void Remember(string header, PassedToken token) => Volatile.Write(ref last, new Last(header, token));

    private sealed record Last(string Header, PassedToken Token);
}
