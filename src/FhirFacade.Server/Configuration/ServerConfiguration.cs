namespace FhirFacade.Server.Configuration;

/// <summary>Reads the settings from their sources and checks them.</summary>
public static class ServerConfiguration
{
    /// <summary>The file that is read when it is there and no other is named.</summary>
    public const string DefaultFile = "fhirfacade.json";

    /// <summary>
    /// Reads file, environment and <paramref name="overrides"/> (keys as in <c>Mllp:Port</c>; null values are ignored).
    /// </summary>
    /// <exception cref="StartupException">A setting is unreadable or wrong; the message names its key.</exception>
    public static ServerOptions Load(string? file = null, IEnumerable<KeyValuePair<string, string?>>? overrides = null)
    {
        if (file is not null && !File.Exists(file))
        {
            throw new StartupException($"the configuration file {file} does not exist");
        }

        ServerOptions options;
        try
        {
            options = SecretFiles.Read(new ConfigurationBuilder()
                .AddJsonFile(Path.GetFullPath(file ?? DefaultFile), optional: true)
                .AddEnvironmentVariables("FhirFacade__")
                .AddInMemoryCollection((overrides ?? []).Where(pair => pair.Value is not null))
                .Build())
                .Get<ServerOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new ServerOptions();
        }
        catch (Exception error) when (error is InvalidOperationException or InvalidDataException or FormatException)
        {
            throw new StartupException("configuration: " + Reason(error), error);
        }

        var result = new ServerOptionsValidator().Validate(options);
        return result.IsValid
            ? options
            : throw new StartupException("configuration: " + string.Join("; ", result.Errors.Select(e => e.ErrorMessage)));
    }

    // The binder names the key and the wanted type; for an unknown key it names the class that lacks it.
    private static string Reason(Exception error)
    {
        var line = error.Message.ReplaceLineEndings("\n").Split('\n')[0];
        var unknown = line.IndexOf("were not found on the instance of ", StringComparison.Ordinal);
        return unknown < 0 ? line : "no such setting: " + line[(line.IndexOf(": ", unknown, StringComparison.Ordinal) + 2)..];
    }
}
