namespace FhirFacade.Storage.Resources;

/// <summary>What a read finds. A closed set: the records nested here.</summary>
public abstract record ReadOutcome
{
    private ReadOutcome()
    {
    }

    /// <summary>It is there and the grant opens it.</summary>
    public sealed record Found(StoredResource Resource) : ReadOutcome;

    /// <summary>It was deleted; only said to who could see the last version.</summary>
    /// <param name="Version">The version that the deletion is.</param>
    /// <param name="LastUpdated">When it was deleted.</param>
    public sealed record Gone(int Version, DateTimeOffset LastUpdated) : ReadOutcome;

    /// <summary>It is not there, or the grant does not open it: the two are not told apart.</summary>
    public sealed record NotFound : ReadOutcome;
}
