namespace FhirFacade.Server.Configuration;

/// <summary>Secrets that a site keeps in files, as orchestrators mount them: instead of <c>X</c>, <c>X:File</c> names where its value is.</summary>
internal static class SecretFiles
{
    private const string Suffix = ":File";
    private const int Largest = 64 * 1024;

    /// <summary>The settings that are secrets.</summary>
    public static IReadOnlyList<string> Settings { get; } = ["Storage:ConnectionString", "Http:Tls:Password", "Smart:SealingKey", "Smart:KeyCertificate:Password"];

    /// <summary>The same settings with every such file read.</summary>
    /// <exception cref="StartupException">A file cannot be read, or the secret is given twice; the message names the setting, never the value.</exception>
    public static IConfiguration Read(IConfigurationRoot configuration)
    {
        var values = configuration.AsEnumerable().Where(pair => pair.Value is not null).ToDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in Settings)
        {
            if (!values.Remove(setting + Suffix, out var file))
            {
                continue;
            }
            if (values.ContainsKey(setting))
            {
                throw new StartupException($"configuration: {setting} and {setting}{Suffix} are both there");
            }
            values[setting] = Content(setting, file!);
        }
        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }

    private static string Content(string setting, string file)
    {
        try
        {
            return new FileInfo(file).Length <= Largest ? File.ReadAllText(file).TrimEnd('\r', '\n') : throw new StartupException($"configuration: {setting}{Suffix} is too large for a secret");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartupException($"configuration: {setting}{Suffix} cannot be read", error);
        }
    }
}
