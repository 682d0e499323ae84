using System.Text.Json;
using FhirFacade.Fhir.Sensitivity;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>The ValueSets among what clients have stored by which resources are labelled, as one server has last seen them.</summary>
public sealed class StoredLabelRules(NpgsqlDataSource database)
{
    /// <summary>How long after a change no server labels by what was before: each asks more often, and what is in the middle of being written is written by then.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private long seen;
    private IReadOnlyList<JsonElement> valueSets = [];

    /// <summary>The rules with what is stored.</summary>
    /// <param name="rules">The site's, without.</param>
    public SensitivityRules On(SensitivityRules rules) => rules.And(valueSets);

    /// <summary>Asks whether any has changed, and reads them all if so.</summary>
    /// <returns>Whether they have changed; and for how long what was stored is not to be looked at yet.</returns>
    public async Task<(bool HasChanged, TimeSpan Settles)> RefreshAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (revision, since) = (0L, Settling);
        await using (var command = new NpgsqlCommand("select revision, clock_timestamp() - changed from label_rules", connection))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                (revision, since) = (reader.GetInt64(0), reader.GetTimeSpan(1));
            }
        }

        if (revision == seen)
        {
            return (false, TimeSpan.Zero);
        }

        var read = new List<JsonElement>();
        await using (var command = new NpgsqlCommand("select doc from r.valueset where is_label_value_set(doc) order by rid", connection))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                read.Add(JsonElement.Parse(reader.GetFieldValue<byte[]>(0)));
            }
        }

        (seen, valueSets) = (revision, read);
        return (true, since < Settling ? Settling - since : TimeSpan.Zero);
    }
}
