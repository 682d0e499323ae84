using Microsoft.Extensions.Logging;

namespace FhirFacade.TestSupport;

/// <summary>Hears every line of a server's log as it is written, with its values, its scopes and its exception.</summary>
internal sealed class LogEars : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public ILogger CreateLogger(string categoryName) => new Ear(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Ear(LogEars ears, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => ears.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var where = $"{category}[{eventId.Id}]";
            Overheard.Say(where, formatter(state, exception));
            Overheard.Say(where, exception?.ToString());
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
            {
                foreach (var (name, value) in values)
                {
                    Overheard.Say($"{where} {name}", value?.ToString());
                }
            }

            ears.scopes.ForEachScope((scope, from) => Overheard.Say(from + " scope", scope?.ToString()), where);
        }
    }
}
