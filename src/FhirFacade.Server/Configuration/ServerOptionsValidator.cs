using System.Net;
using FluentValidation;

namespace FhirFacade.Server.Configuration;

/// <summary>What must hold of the settings before anything is started. Each message names its key.</summary>
public sealed class ServerOptionsValidator : AbstractValidator<ServerOptions>
{
    /// <summary>Declares the rules.</summary>
    public ServerOptionsValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;

        RuleFor(o => o.Access.AuditRetention).Must(time => time is null || time >= TimeSpan.FromDays(30)).WithMessage("Access:AuditRetention must be at least 30 days (30.00:00:00)");
        RuleFor(o => o.DataDirectory).NotEmpty().WithMessage("DataDirectory is empty");

        RuleFor(o => o.Storage.ReindexRowsPerSecond).GreaterThanOrEqualTo(0).WithMessage("Storage:ReindexRowsPerSecond must not be negative");
        RuleFor(o => o.Http.Url).Must(IsListenUrl)
            .WithMessage("Http:Url must be http://ADDRESS:PORT or https://ADDRESS:PORT with an IP address or localhost, and nothing after the port");
        RuleFor(o => o.Http.RedirectUrl).Must(url => url is null || (IsListenUrl(url) && !IsHttps(url))).WithMessage("Http:RedirectUrl must be http://ADDRESS:PORT with an IP address or localhost, and nothing after the port");
        RuleFor(o => o.Http).Must(http => http.RedirectUrl is null || IsHttps(http.PublicUrl ?? http.Url)).WithMessage("Http:RedirectUrl is there although neither Http:Url nor Http:PublicUrl is https");
        RuleFor(o => o.Http).Must(http => IsHttps(http.Url) == http.Tls.IsEnabled).WithMessage("Http:Tls:CertificateFile is needed where Http:Url is https, and only there");
        RuleFor(o => o.Http.Tls.CertificateFile).Must(f => string.IsNullOrEmpty(f) || File.Exists(f)).WithMessage("Http:Tls:CertificateFile does not exist");
        RuleFor(o => o.Http.Tls.KeyFile).Must(f => string.IsNullOrEmpty(f) || File.Exists(f)).WithMessage("Http:Tls:KeyFile does not exist");
        RuleFor(o => o.Http.Hsts).GreaterThanOrEqualTo(TimeSpan.Zero).WithMessage("Http:Hsts must not be negative");
        RuleForEach(o => o.Http.Proxies).Must(proxy => IPAddress.TryParse(proxy, out _) || IPNetwork.TryParse(proxy, out _)).WithMessage("Http:Proxies must be IP addresses, or networks such as 10.0.0.0/8");
        RuleFor(o => o.Http.PublicUrl).Must(url => url is null || IsHttpUrl(url))
            .WithMessage("Http:PublicUrl must be an absolute http or https URL");
        RuleFor(o => o.Http.MaxBodyBytes).GreaterThan(0).WithMessage("Http:MaxBodyBytes must be positive");

        RuleFor(o => o.Http.MaxHeaderBytes).InclusiveBetween(8 * 1024, 1024 * 1024).WithMessage("Http:MaxHeaderBytes must be between 8192 and 1048576");
        RuleFor(o => o.Http.HeaderTimeout).GreaterThan(TimeSpan.Zero).WithMessage("Http:HeaderTimeout must be positive");
        RuleFor(o => o.Http.MinBytesPerSecond).GreaterThanOrEqualTo(0).WithMessage("Http:MinBytesPerSecond must not be negative");
        RuleFor(o => o.Http.MaxConnections).GreaterThan(0).WithMessage("Http:MaxConnections must be positive");
        RuleFor(o => o.Http.MaxStreams).InclusiveBetween(1, 1000).WithMessage("Http:MaxStreams must be between 1 and 1000");
        RuleFor(o => o.Rest.MaxResourceBytes).GreaterThan(0).WithMessage("Rest:MaxResourceBytes must be positive");
        RuleFor(o => o.Rest.MaxDepth).InclusiveBetween(8, 500).WithMessage("Rest:MaxDepth must be between 8 and 500");
        RuleFor(o => o.Rest.MaxEntries).GreaterThan(0).WithMessage("Rest:MaxEntries must be positive");
        RuleFor(o => o.Rest.RequestsPerSecond).GreaterThanOrEqualTo(0).WithMessage("Rest:RequestsPerSecond must not be negative");
        RuleFor(o => o.Rest.AsyncWorkers).InclusiveBetween(0, 64).WithMessage("Rest:AsyncWorkers must be between 0 and 64");
        RuleFor(o => o.Rest.MaxAsyncOfClient).GreaterThan(0).WithMessage("Rest:MaxAsyncOfClient must be positive");
        RuleFor(o => o.Rest.AsyncTimeout).GreaterThan(TimeSpan.Zero).WithMessage("Rest:AsyncTimeout must be positive");
        RuleFor(o => o.Rest.AsyncLifetime).GreaterThan(TimeSpan.Zero).WithMessage("Rest:AsyncLifetime must be positive");
        RuleFor(o => o.Rest.Burst).GreaterThan(0).WithMessage("Rest:Burst must be positive");
        RuleFor(o => o.Rest.MaxConcurrent).GreaterThan(0).WithMessage("Rest:MaxConcurrent must be positive");
        RuleFor(o => o.Rest.Timeout).GreaterThan(TimeSpan.Zero).WithMessage("Rest:Timeout must be positive");
        RuleFor(o => o.Mllp.Address).Must(a => IPAddress.TryParse(a, out _)).WithMessage("Mllp:Address must be an IP address");
        RuleFor(o => o.Mllp.Port).Must(p => p is not 0 and <= 65535).WithMessage("Mllp:Port must be 1 to 65535, or negative for none");
        RuleFor(o => o.Mllp.MaxMessageBytes).InclusiveBetween(256, 512 * 1024 * 1024)
            .WithMessage("Mllp:MaxMessageBytes must be between 256 and 536870912");
        RuleFor(o => o.Mllp.IdleTimeout).GreaterThan(TimeSpan.Zero).WithMessage("Mllp:IdleTimeout must be positive");
        RuleFor(o => o.Mllp.MaxInFlight).InclusiveBetween(1, 65536).WithMessage("Mllp:MaxInFlight must be between 1 and 65536");
        RuleFor(o => o.Mllp.MaxConnections).GreaterThan(0).WithMessage("Mllp:MaxConnections must be positive");

        When(o => o.Mllp.Tls.IsEnabled, () =>
        {
            RuleFor(o => o.Mllp.Tls.CertificateFile).Must(File.Exists).WithMessage("Mllp:Tls:CertificateFile does not exist");
            RuleFor(o => o.Mllp.Tls.KeyFile).Must(File.Exists).WithMessage("Mllp:Tls:KeyFile does not exist");
            RuleFor(o => o.Mllp.Tls.ClientAuthorityFile).Must(f => string.IsNullOrEmpty(f) || File.Exists(f))
                .WithMessage("Mllp:Tls:ClientAuthorityFile does not exist");
        }).Otherwise(() =>
            RuleFor(o => o.Mllp.Tls).Must(t => t.ClientCertificates == default && string.IsNullOrEmpty(t.KeyFile))
                .WithMessage("Mllp:Tls:CertificateFile is missing although other Mllp:Tls settings are there"));

        RuleFor(o => o.Ingest.Workers).InclusiveBetween(1, 64).WithMessage("Ingest:Workers must be between 1 and 64");
        RuleFor(o => o.Ingest.TimeZone).Must(z => TimeZoneInfo.TryFindSystemTimeZoneById(z, out _))
            .WithMessage("Ingest:TimeZone is not a time zone that this machine knows");
        RuleFor(o => o.Feeds.Directory).Must(d => d is null || Directory.Exists(d)).WithMessage("Feeds:Directory does not exist");
        RuleFor(o => o.Feeds.PollingInterval).Must(i => i >= TimeSpan.FromMilliseconds(100) && i <= TimeSpan.FromHours(1))
            .WithMessage("Feeds:PollingInterval must be between 0.1 seconds and an hour");
    }

    private static bool IsHttpUrl(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    private static bool IsHttps(string url) => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    private static bool IsListenUrl(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url)
        && (url.Scheme is "http" or "https")
        && url.PathAndQuery == "/"
        && (url.IsLoopback || IPAddress.TryParse(url.DnsSafeHost, out _));
}
