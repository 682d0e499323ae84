namespace FhirFacade.GuideCheck.Probes;

/// <summary>Tries a row of a message map: a message of that structure with the segment in its place, and without it.</summary>
public sealed class MessageProbe
{
    private readonly ProbeData _data;
    private readonly Dictionary<string, IReadOnlyList<string>> _structures;
    private readonly Dictionary<string, Made> _tried = [];

    /// <param name="guide">Folder of the guide, for the order of the segments.</param>
    /// <param name="data">Messages and values.</param>
    public MessageProbe(string guide, ProbeData data)
    {
        _data = data;
        _structures = GuideReader.Structures(guide).ToDictionary(static s => s.Structure, static s => s.Segments);
    }

    /// <summary>What the segment made there: as the sample of its map has it, and as it usually is.</summary>
    public IEnumerable<Made> Made(GuideRow row)
    {
        var segment = Name(row.Source);
        foreach (var line in new[] { _data.Row(row.Key), row.Map.Length > 0 ? _data.Message(row.Map)?.Segment : null, _data.Usual(segment, row.File) }.OfType<string>().Distinct())
        {
            yield return Try(row, line);
        }
    }

    private Made Try(GuideRow row, string sample)
    {
        var key = $"{row.File}/{row.Source}/{row.Map}/{sample}";
        if (_tried.TryGetValue(key, out var known))
        {
            return known;
        }

        var lines = new List<string>();
        var focus = -1;
        foreach (var place in _structures[row.File].Distinct())
        {
            if (place == row.Source)
            {
                focus = lines.Count;
                lines.Add(sample);
            }
            else if (Line(Name(place), place, row) is { } line)
            {
                lines.Add(line);
            }
        }

        var message = new ProbeMessage(lines) { Focus = focus };
        return _tried[key] = Probes.Made.Of(message.Translate(ProbeData.Profile), message.Without().Translate(ProbeData.Profile));
    }

    // Participants and notes stand only where they are tried: each would belong to what stands before it. Of alternatives one stands.
    private string? Line(string segment, string place, GuideRow row) => segment switch
    {
        _ when place.Contains("PRIOR", StringComparison.Ordinal) && !row.Source.Contains("PRIOR", StringComparison.Ordinal) => null,
        _ when segment == Name(row.Source) && place.Split('.')[0].Split(':')[0] != row.Source.Split('.')[0].Split(':')[0] => null,
        "MSH" => $@"MSH|^~\&|APP|GH|FF|GH|20240501120000||{row.File[..3]}^{row.File[4..]}^{row.File}|42|P|2.9",
        "PRT" or "ROL" or "MRG" or "NTE" or "CTD" => null,
        "SPM" when row.Map == "OBR[Specimen]" => null,
        "AL1" when row.Source.Contains("IAM", StringComparison.Ordinal) => null,
        "OBR" when row.Source.EndsWith(".RXO", StringComparison.Ordinal) => null,
        "RXO" when row.File == "ORM_O01" && !row.Source.EndsWith(".RXO", StringComparison.Ordinal) => null,
        _ => _data.Usual(segment, row.File) is { } line ? line : null,
    };

    private static string Name(string place) => place[(place.LastIndexOfAny(['.', ':']) + 1)..] is { Length: >= 3 } name ? name[..3] : "";
}
