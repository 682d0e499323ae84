using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>SPM, and OBR where it tells of a specimen itself, -> Specimen.</summary>
internal sealed class SpecimenAssembly(MessageWalk walk)
{
    private readonly MessageScope _scope = walk.Scope;
    private int _unordered;

    /// <summary>A specimen of OBR's own fields (OBR-15 and its neighbours), unless an SPM of the order is going to say it better.</summary>
    public static void OfObr(MessageWalk walk, Order order)
    {
        var obr = order.Obr;
        if (!obr[15].HasValue && !obr[9].HasValue && !obr[10].HasValue && !obr[14].HasValue && !obr[39].HasValue)
        {
            return;
        }

        if (HasSpmAhead(walk.Scope.Message, obr.Index + 1))
        {
            order.IsObrSpecimenPending = true;
            return;
        }

        if (walk.MessageCode == "OUL" && walk.Specimen is { } drawn)
        {
            walk.Scope.Maps["OBR-Specimen"].Run(obr, walk.Scope.Scratch(drawn), walk.Scope);
            return;
        }

        var draft = walk.Scope.Resources.GetOrAdd("Specimen", BusinessId.Of("Specimen", "order", order.Key), TranslationMode.Merge, out var isNew);
        if (isNew)
        {
            draft.Content.Put("subject", walk.Patient?.Reference());
            walk.Scope.Maps["OBR-Specimen"].Run(obr, draft, walk.Scope);
        }

        Attach(order, draft);
    }

    public void Spm(Hl7Segment spm)
    {
        var order = walk.MessageCode == "OUL" ? null : walk.Order;
        var draft = _scope.Resources.GetOrAdd("Specimen", Id(spm, order), TranslationMode.Merge, out var isNew);
        var target = isNew ? draft : _scope.Scratch(draft);
        _scope.Assembled?.Key(draft, spm, spm[2].HasValue ? 2 : 31);
        target.Content.Put("subject", walk.Patient?.Reference());
        if (order is { IsObrSpecimenPending: true })
        {
            order.IsObrSpecimenPending = false;
            _scope.Maps["OBR-Specimen"].Run(order.Obr, target, _scope);
        }

        _scope.Maps["SPM-Specimen"].Run(spm, target, _scope);

        // A date of collection is one or the other.
        if (target.Content["collection"] is JsonObject collection && collection.ContainsKey("collectedPeriod") && collection.ContainsKey("collectedDateTime"))
        {
            collection.Remove(spm[17].HasValue && !spm[17][2].HasValue ? "collectedPeriod" : "collectedDateTime");
        }

        if (order is not null)
        {
            Attach(order, draft);
        }
        else
        {
            // In specimen-centred messages the orders that follow are about this specimen.
            walk.Order = null;
        }

        walk.Specimen = draft;
        walk.Noted = draft;
    }

    /// <summary>SAC: the container of the specimen before it, or of the order's where none has a segment; alone a specimen by its own number.</summary>
    public void Sac(Hl7Segment sac)
    {
        var specimen = walk.Specimen ?? walk.Order?.FirstSpecimen;
        if (specimen is null)
        {
            if ((EiToIdentifier.Key(sac[3], _scope) ?? EiToIdentifier.Key(sac[2], _scope)) is not { } number)
            {
                return;
            }

            specimen = _scope.Resources.GetOrAdd("Specimen", BusinessId.Of("Specimen", number.System ?? $"{number.Scope(_scope)}|{walk.Patient?.Id}", number.Value), TranslationMode.Merge, out _);
            specimen.Content.Put("subject", walk.Patient?.Reference());
            walk.Specimen = specimen;
        }

        _scope.Maps["SAC-Specimen"].Run(sac, specimen, _scope);
        walk.Noted = specimen;
    }

    private static void Attach(Order order, ResourceDraft specimen)
    {
        order.FirstSpecimen ??= specimen;
        order.Report?.Content.Append("specimen", specimen.Reference());
        order.Request?.Content.Append("specimen", specimen.Reference());
    }

    private static bool HasSpmAhead(Hl7Message message, int from)
    {
        for (var i = from; i < message.SegmentCount; i++)
        {
            switch (message[i].Name)
            {
                case "SPM":
                    return true;
                case "OBR" or "ORC" or "PID":
                    return false;
            }
        }

        return false;
    }

    // By SPM-2 (the filler's number, else the placer's), else by order and position.
    private string Id(Hl7Segment spm, Order? order)
    {
        var number = EiToIdentifier.Key(spm[2][2], _scope) ?? EiToIdentifier.Key(spm[2][1], _scope) ?? EiToIdentifier.Key(spm[31].Repetition(1), _scope);
        if (number is { } key)
        {
            return BusinessId.Of("Specimen", key.System ?? $"{key.Scope(_scope)}|{walk.Patient?.Id}", key.Value);
        }

        return order is null
            ? BusinessId.Of("Specimen", "message", _scope.Key, $"{++_unordered}")
            : BusinessId.Of("Specimen", "order", order.Key, $"{++order.Specimens}");
    }
}
