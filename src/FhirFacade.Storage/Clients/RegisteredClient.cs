using System.Collections.Immutable;

namespace FhirFacade.Storage.Clients;

/// <summary>An app or a system that is registered at the authorisation server.</summary>
/// <param name="Id">Its <c>client_id</c>.</param>
/// <param name="Name">What people are told it is called.</param>
/// <param name="Kind">How it proves who it is.</param>
/// <param name="Scope">The widest scope it may be given, space separated.</param>
public sealed record RegisteredClient(string Id, string Name, ClientKind Kind, string Scope)
{
    /// <summary>Where a browser may be sent back to, compared exactly. None: it works without a user.</summary>
    public ImmutableArray<string> RedirectUris { get; init; } = [];

    /// <summary>Where an EHR launch begins; null if it has none.</summary>
    public string? LaunchUrl { get; init; }

    /// <summary>SHA-256 of its secret, which is long and random.</summary>
    public byte[]? SecretHash { get; init; }

    /// <summary>Its public keys as JSON text, or:</summary>
    public string? Jwks { get; init; }

    /// <summary>Where its public keys are.</summary>
    public string? JwksUrl { get; init; }

    /// <summary>True if it registered itself.</summary>
    public bool IsSelfRegistered { get; init; }

    /// <summary>May not do anything.</summary>
    public bool IsDisabled { get; init; }
}
