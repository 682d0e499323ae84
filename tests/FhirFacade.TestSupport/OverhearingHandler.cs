namespace FhirFacade.TestSupport;

/// <summary>Takes note of what requests say of people, and listens to what answers that are errors, and addresses, say.</summary>
public sealed class OverhearingHandler() : DelegatingHandler(new SocketsHttpHandler())
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Content is { } body)
        {
            Confided.Note(await body.ReadAsStringAsync(cancellationToken));
        }

        var response = await base.SendAsync(request, cancellationToken);
        var text = "";
        if ((int)response.StatusCode >= 400)
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            text = await response.Content.ReadAsStringAsync(cancellationToken);
        }

        Overheard.Say($"{request.Method} {request.RequestUri?.AbsolutePath}", (int)response.StatusCode, text, response.Headers.Location?.ToString(), response.Content.Headers.ContentLocation?.ToString());
        return response;
    }
}
