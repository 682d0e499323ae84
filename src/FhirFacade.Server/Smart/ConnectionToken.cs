using System.Security.Claims;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FhirFacade.Server.Smart;

/// <summary>The token that came last over a connection and has passed. Most connections bring one token again and again, and the server then gives the same text for it each time.</summary>
internal sealed class ConnectionToken
{
    private Passed? last;

    /// <summary>Gives each connection of a listener one.</summary>
    public static void Use(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set(new ConnectionToken());
        return next(connection);
    });

    /// <summary>What has passed, if it came with this very text and not only with an equal one: so nothing is compared that a stranger could guess at.</summary>
    public Passed? Find(string header) => Volatile.Read(ref last) is { } passed && ReferenceEquals(passed.Header, header) ? passed : null;

    /// <summary>Takes the place of the one before.</summary>
    public void Remember(Passed passed) => Volatile.Write(ref last, passed);

    /// <summary>A token that has passed.</summary>
    /// <param name="Header">The header that brought it.</param>
    /// <param name="Principal">Whose it is.</param>
    /// <param name="Until">When it is to be checked again.</param>
    internal sealed record Passed(string Header, ClaimsPrincipal Principal, DateTimeOffset Until);
}
