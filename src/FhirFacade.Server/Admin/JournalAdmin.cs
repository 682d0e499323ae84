using System.Globalization;
using System.Text.Json.Nodes;
using FhirFacade.Storage.Journal;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Admin;

/// <summary><c>/admin/journal</c>: what has come in and what became of it, without the messages themselves; and once more.</summary>
internal sealed class JournalAdmin(JournalReader journal)
{
    private const int DefaultLimit = 50;
    private const int LargestLimit = 500;

    public void Map(AdminEndpoints.Routes admin)
    {
        admin.Map("GET", "/journal", ListAsync);
        admin.Map("GET", "/journal/{id:long}", ShowAsync);
        admin.Map("POST", "/journal/{id:long}/replay", ReplayAsync);
    }

    private async Task ListAsync(HttpContext http)
    {
        if (Filter(http.Request.Query) is not { } filter)
        {
            await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, "state is received, stored, failed or duplicate; before and limit are numbers; sender is a text; nothing else is asked for");
            return;
        }
        var counts = await journal.CountAsync(http.RequestAborted);
        await AdminAnswer.WriteAsync(http, new JsonObject
        {
            ["counts"] = new JsonObject { ["received"] = counts.Received, ["stored"] = counts.Stored, ["failed"] = counts.Failed, ["duplicate"] = counts.Duplicate },
            ["messages"] = new JsonArray([.. (await journal.ListAsync(filter, http.RequestAborted)).Select(Describe)]),
        });
    }

    private async Task ShowAsync(HttpContext http) =>
        await (await journal.ShowAsync(Id(http), http.RequestAborted) is var (record, _) ? AdminAnswer.WriteAsync(http, Describe(record)) : AdminAnswer.NotFoundAsync(http, "message"));

    private async Task ReplayAsync(HttpContext http) => await (await journal.ReplayAsync(Id(http), http.RequestAborted) switch
    {
        ReplayOutcome.Queued => AdminAnswer.WriteAsync(http, new JsonObject { ["id"] = Id(http), ["state"] = "received" }, StatusCodes.Status202Accepted),
        ReplayOutcome.AlreadyWaiting => Problem.WriteAsync(http, StatusCodes.Status409Conflict, "the message is waiting already"),
        ReplayOutcome.IsDuplicate => Problem.WriteAsync(http, StatusCodes.Status409Conflict, "the message repeats an earlier one; replay that"),
        _ => AdminAnswer.NotFoundAsync(http, "message"),
    });

    private static JournalFilter? Filter(IQueryCollection query)
    {
        JournalState? state = null;
        long? before = null;
        var limit = DefaultLimit;
        foreach (var (name, values) in query)
        {
            var value = values.ToString();
            var isUsable = name switch
            {
                "state" => Enum.TryParse<JournalState>(value, ignoreCase: true, out var named) && !char.IsAsciiDigit(value[0]) && (state = named) is not null,
                "before" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && (before = id) is not null,
                "limit" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= LargestLimit,
                "sender" => value.Length is > 0 and <= 200 && !value.Contains('\0', StringComparison.Ordinal),
                _ => false,
            };
            if (!isUsable)
            {
                return null;
            }
        }
        return new(state, query.ContainsKey("sender") ? query["sender"].ToString() : null, before, limit);
    }

    private static JsonObject Describe(JournalRecord record)
    {
        var json = new JsonObject
        {
            ["id"] = record.Id,
            ["state"] = record.State.ToString().ToLowerInvariant(),
            ["type"] = record.MessageType,
            ["sender"] = record.Sender,
            ["controlId"] = record.ControlId,
            ["received"] = record.ReceivedAt.ToString("O"),
            ["attempts"] = record.Attempts,
            ["size"] = record.Size,
            ["correlation"] = record.CorrelationId,
        };
        if (record.Error is { } error)
        {
            json["error"] = new JsonObject { ["code"] = error.Code, ["location"] = error.Location, ["rule"] = error.Rule };
        }
        if (record.DuplicateOf is { } first)
        {
            json["repeats"] = first;
        }
        return json;
    }

    private static long Id(HttpContext http) => long.Parse(AdminAnswer.Route(http, "id"), CultureInfo.InvariantCulture);
}
