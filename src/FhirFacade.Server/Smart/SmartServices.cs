using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FhirFacade.Server.Smart;

/// <summary>Registers what issues and checks tokens. Every endpoint without a policy of its own needs a valid token.</summary>
public static class SmartServices
{
    /// <summary>Adds the services; a key is made under the data directory when there is none.</summary>
    /// <exception cref="InvalidOperationException">A setting has an unusable value.</exception>
    /// <exception cref="IOException">The signing key cannot be read.</exception>
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        var settings = SmartSettings.From(configuration);
        var key = SigningKey.LoadOrCreate(settings.KeyDirectory);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(key);
        services.AddSingleton<AccessTokens>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(o => BearerValidation.Configure(o, settings, key));
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }
}
