namespace FhirFacade.Storage.Search.Index;

/// <summary>The two numbers of a Location's position in the range table, for <c>near</c>.</summary>
public static class Position
{
    /// <summary>Degrees north.</summary>
    public static int LatitudeParameter { get; } = Terms.Parameter("near#latitude");

    /// <summary>Degrees east.</summary>
    public static int LongitudeParameter { get; } = Terms.Parameter("near#longitude");
}
