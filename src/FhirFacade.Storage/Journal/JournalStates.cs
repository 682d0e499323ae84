namespace FhirFacade.Storage.Journal;

/// <summary>The names of the states in the database, which are those of the enumeration in lower case.</summary>
internal static class JournalStates
{
    public static string NameOf(JournalState state) => state switch
    {
        JournalState.Received => "received",
        JournalState.Stored => "stored",
        JournalState.Failed => "failed",
        _ => "duplicate",
    };

    public static JournalState Parse(string name) => name switch
    {
        "received" => JournalState.Received,
        "stored" => JournalState.Stored,
        "failed" => JournalState.Failed,
        _ => JournalState.Duplicate,
    };
}
