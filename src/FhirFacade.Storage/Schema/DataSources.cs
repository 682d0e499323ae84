using Npgsql;

namespace FhirFacade.Storage.Schema;

/// <summary>Makes the pool of connections that everything in this room expects.</summary>
public static class DataSources
{
    // A generic plan made a 0.7 ms search take 1,300 ms; the just-in-time compiler costs more than such queries last.
    private const string SessionSettings = "-c plan_cache_mode=force_custom_plan -c jit=off -c statement_timeout=30s "
        + "-c idle_in_transaction_session_timeout=5min -c synchronous_commit=on -c timezone=UTC";

    // By its key a row is found in one way whatever the key is, and so are the rows of one patient and those of a rare term; planning that anew each time costs as much as
    // doing it, or more. Left to itself the database would plan a rare term anew each time, since it takes every term for a common one that it does not know.
    private const string PlannedOnce = "-c plan_cache_mode=force_generic_plan";

    /// <summary>A data source over an Npgsql connection string; what the string sets itself wins, but a commit is always durable.</summary>
    /// <param name="connectionString">Several hosts are allowed; then the primary is taken, and while there is none a standby, which can be read but not written, unless the string says otherwise.</param>
    /// <exception cref="ArgumentException">The text is no connection string.</exception>
    public static NpgsqlDataSource Create(string connectionString) => Create(connectionString, SessionSettings, 60);

    /// <summary>
    /// The same for statements that find rows in one way whatever their values are (<see cref="Resources.ResourceReader"/>): they are planned once.
    /// Other searches would be slow here.
    /// </summary>
    public static NpgsqlDataSource CreateForKeys(string connectionString) => Create(connectionString, $"{SessionSettings} {PlannedOnce}", 30);

    private static NpgsqlDataSource Create(string connectionString, string sessionSettings, int connections)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.Options = $"{sessionSettings} {settings.Options} -c synchronous_commit=on".Replace("  ", " ", StringComparison.Ordinal);
        settings.ApplicationName ??= "fhirfacade";
        Default(settings, "Maximum Pool Size", connections);
        Default(settings, "Max Auto Prepare", 200);
        Default(settings, "Auto Prepare Min Usages", 2);
        Default(settings, "No Reset On Close", true);
        if (settings.Host is { } host && host.Contains(',', StringComparison.Ordinal))
        {
            settings.TargetSessionAttributes ??= "prefer-primary";
        }

        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    private static void Default(NpgsqlConnectionStringBuilder settings, string key, object value)
    {
        if (!settings.ShouldSerialize(key))
        {
            settings[key] = value;
        }
    }
}
