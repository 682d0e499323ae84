using System.Globalization;
using System.Text;

namespace FhirFacade.Server.Embedded;

/// <summary>The cluster's settings and who may connect; written anew at each start, so that a new build brings its own.</summary>
internal static class ClusterSettings
{
    /// <summary>The file that <c>postgresql.conf</c> includes.</summary>
    public const string FileName = "fhirfacade.conf";

    private const long MiB = 1 << 20;

    /// <summary>Name of the database and of the role that owns it.</summary>
    public const string Owner = "fhirfacade";

    public static void Write(ClusterFiles files, string directory, PrivatePostgresOptions options, PostgresAccount? account, bool lz4)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MiB;
        var settings = new Dictionary<string, string>
        {
            // Reached through the file system alone, by those who may enter the directory.
            ["listen_addresses"] = "''",
            ["unix_socket_directories"] = Quoted(files.Socket),
            ["unix_socket_permissions"] = "0700",
            ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),

            ["shared_buffers"] = $"{Math.Clamp(memory / 8, 64, 1024)}MB",
            ["effective_cache_size"] = $"{Math.Max(memory / 2, 128)}MB",
            ["work_mem"] = "16MB",
            ["maintenance_work_mem"] = "128MB",
            ["random_page_cost"] = "1.1",

            // An acknowledged message is on disk.
            ["fsync"] = "on",
            ["full_page_writes"] = "on",
            ["synchronous_commit"] = "on",
            ["wal_compression"] = lz4 ? "lz4" : "on",
            ["default_toast_compression"] = lz4 ? "lz4" : "pglz",
            ["max_wal_size"] = "2GB",
            ["min_wal_size"] = "512MB",
            ["checkpoint_timeout"] = "10min",

            ["autovacuum_naptime"] = "30s",
            ["jit"] = "off",
            ["timezone"] = "'UTC'",
            ["log_timezone"] = "'UTC'",

            // Statements and details of errors quote values: they stay out of the log.
            ["log_error_verbosity"] = "terse",
            ["log_min_error_statement"] = "panic",
            ["log_parameter_max_length_on_error"] = "0",
            ["log_checkpoints"] = "off",
        };
        foreach (var (name, value) in options.Settings)
        {
            settings[name] = value;
        }

        var text = new StringBuilder("# Written by FhirFacade at each start.\n");
        foreach (var (name, value) in settings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} = {value}\n");
        }

        File.WriteAllText(Path.Combine(directory, FileName), text.ToString());
        File.WriteAllText(Path.Combine(directory, "pg_hba.conf"), $"local all all peer map={Owner}\n");
        var users = new[] { Environment.UserName, account?.Name }.OfType<string>().Distinct(StringComparer.Ordinal);
        File.WriteAllText(Path.Combine(directory, "pg_ident.conf"), string.Concat(users.Select(user => $"{Owner} {Quoted(user, '"')} {Owner}\n")));
    }

    private static string Quoted(string text, char quote = '\'') =>
        quote + text.Replace(quote.ToString(), new string(quote, 2), StringComparison.Ordinal) + quote;
}
