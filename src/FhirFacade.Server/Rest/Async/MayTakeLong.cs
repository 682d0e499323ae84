using Microsoft.AspNetCore.Builder;

namespace FhirFacade.Server.Rest.Async;

/// <summary>Marks a route whose requests may be answered later, if the client prefers that (R4 async.html).</summary>
internal sealed class MayTakeLong
{
    /// <summary>The mark.</summary>
    public static MayTakeLong Mark { get; } = new();
}

/// <summary>Puts the mark on routes.</summary>
internal static class MayTakeLongRoutes
{
    /// <summary>Marks the route.</summary>
    public static void MayTakeLong(this IEndpointConventionBuilder route) => route.WithMetadata(Async.MayTakeLong.Mark);
}
