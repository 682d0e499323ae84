using FhirFacade.Server.Configuration;
using FhirFacade.Server.Outbound;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Server.Smart.Authorize;
using FhirFacade.Server.Smart.Tokens;
using FhirFacade.Storage.Accounts;
using FhirFacade.Storage.Authorizations;
using FhirFacade.Storage.Clients;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace FhirFacade.Server.Smart;

/// <summary>Registers what issues and checks tokens. Every endpoint without a policy of its own needs a valid token.</summary>
public static class SmartServices
{
    /// <summary>Adds the services; a key is made under the data directory when there is none.</summary>
    /// <exception cref="StartupException">A setting has an unusable value, or the signing key cannot be used.</exception>
    public static void Add(IServiceCollection services, ServerOptions options)
    {
        var settings = SmartSettings.From(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(LoadBox(settings));
        services.AddSingleton(new OutboundHttp(settings.AllowPrivateNetworks));

        services.AddSingleton<SigningKeyStore>();
        services.AddSingleton<RevocationStore>();
        services.AddSingleton<UsedAssertions>();
        services.AddSingleton<ClientStore>();
        services.AddSingleton<AuthorizationStore>();
        services.AddSingleton<LaunchStore>();
        services.AddSingleton<AccountStore>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<BreakGlassStore>();
        services.AddSingleton<Access.BreakGlass.Emergencies>();

        services.AddSingleton<SigningKeys>();
        services.AddSingleton<RevokedTokens>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<RememberedTokens>();
        services.AddHostedService<SmartUpkeep>();
        AddClients(services);
        AddPeople(services);
        services.AddSingleton<SmartConfiguration>();
        services.AddSingleton<SmartStyle>();
        services.AddSingleton<ForeignDiscovery>();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.FormFieldName = "form_token";
            antiforgery.SuppressXFrameOptionsHeader = true;      // every page says so itself
            antiforgery.Cookie.Name = settings.IsSecure ? "__Host-fhirfacade-form" : "fhirfacade-form";
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.SameSite = SameSiteMode.Lax;
            antiforgery.Cookie.SecurePolicy = settings.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
            antiforgery.Cookie.Path = "/";
        });
        var keys = services.AddDataProtection().SetApplicationName("fhirfacade").PersistKeysToFileSystem(new DirectoryInfo(settings.KeyDirectory));
        if (settings.KeyCertificates is { } certificates)
        {
            certificates.Protect(keys);
        }
        else
        {
            services.AddOptions<KeyManagementOptions>().Configure<SecretBox>((management, box) => management.XmlEncryptor = new KeySealing(box));
        }
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<SigningKeys>((bearer, keys) => BearerValidation.Configure(bearer, settings, keys));
        PlainAuthorization.Add(services);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static void AddClients(IServiceCollection services)
    {
        services.AddSingleton<ClientCatalog>();
        services.AddSingleton<ClientKeys>();
        services.AddSingleton<ClientAssertion>();
        services.AddSingleton<ClientAuthentication>();
        services.AddSingleton<IdTokens>();
        services.AddSingleton<UserTokens>();
        services.AddSingleton<CodeGrant>();
        services.AddSingleton<RefreshGrant>();
        services.AddSingleton<ServiceGrant>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<TokenReader>();
        services.AddSingleton<IntrospectionEndpoint>();
        services.AddSingleton<RevocationEndpoint>();
        services.AddSingleton<RegistrationEndpoint>();
        services.AddSingleton<LaunchEndpoint>();
    }

    private static void AddPeople(IServiceCollection services)
    {
        services.AddSingleton<People>();
        services.AddSingleton<SignOut>();
        services.AddSingleton<BrowserSessions>();
        services.AddSingleton<DemoAccounts>();
        services.AddSingleton<UserPatients>();
        services.AddSingleton<SealedRequests>();
        services.AddSingleton<AuthorizationParameters>();
        services.AddSingleton<PersonForms>();
        services.AddSingleton<AppsEndpoint>();
        services.AddSingleton<UserEncounters>();
        services.AddSingleton<AuthorizeForms>();
        services.AddSingleton<AuthorizeEndpoint>();
        services.TryAddSingleton(provider => new ResourceReader(provider.GetRequiredKeyedService<NpgsqlDataSource>(Host.KeyReads)));
        services.TryAddSingleton<ResourceWriter>();
        services.TryAddSingleton<SearchExecutor>();
    }

    private static SecretBox LoadBox(SmartSettings settings)
    {
        try
        {
            return SecretBox.Of(settings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(e.Message, e);
        }
    }
}
