namespace FhirFacade.Storage.Search.Reindex;

/// <summary>
/// The number of the state of the site's search parameters. A job begins when every transaction has ended that was under way when it was
/// asked for; so a row is indexed by the parameters of the job if its writer saw their generation after writing it, or it is seen by the job.
/// </summary>
internal static class IndexGeneration
{
    /// <summary>The generation as others have it: not what this transaction itself has made of it. To be read after the rows are written.</summary>
    public const string Sql =
        "select coalesce((select case when changed_by = pg_current_xact_id() then before else generation end from index_generation), 0::bigint)";
}
