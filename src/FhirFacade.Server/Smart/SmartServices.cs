using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Clients;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FhirFacade.Server.Smart;

/// <summary>Registers what issues and checks tokens. Every endpoint without a policy of its own needs a valid token.</summary>
public static class SmartServices
{
    /// <summary>Adds the services; a key is made under the data directory when there is none.</summary>
    /// <exception cref="StartupException">A setting has an unusable value, or the signing key cannot be used.</exception>
    public static void Add(IServiceCollection services, ServerOptions options)
    {
        var settings = SmartSettings.From(options);
        var key = LoadKey(settings);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(key);
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<RememberedTokens>();
        services.AddSingleton<UsedAssertions>();
        services.AddSingleton<ClientAssertion>();
        services.AddSingleton<ClientAuthentication>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<SmartConfiguration>();
        services.AddSingleton<ForeignDiscovery>();
        services.AddDataProtection().SetApplicationName("fhirfacade").PersistKeysToFileSystem(new DirectoryInfo(settings.KeyDirectory));
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(o => BearerValidation.Configure(o, settings, key));
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static SigningKey LoadKey(SmartSettings settings)
    {
        try
        {
            return SigningKey.LoadOrCreate(settings.KeyDirectory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(e.Message, e);
        }
    }
}
