using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// RXO, RXE, RXG -> MedicationRequest; RXD -> MedicationDispense; RXA -> MedicationAdministration; with ORC before, and RXR, RXC and TQ1 after
/// them. All details below one ORC are about one order: the encoded order is based on the original, dispense and administration name
/// the request that came last before them.
/// </summary>
internal sealed class PharmacyAssembly(MessageWalk walk, OrderAssembly orders)
{
    private readonly MessageScope _scope = walk.Scope;
    private readonly Dictionary<string, int> _times = new(StringComparer.Ordinal);
    private PendingOrder? _order;
    private string _key = "";
    private ResourceDraft? _original;
    private ResourceDraft? _request;
    private MedicationDetail? _detail;

    /// <summary>The resource to which the next segments add; null outside a pharmacy order.</summary>
    public ResourceDraft? Current => _detail?.Draft;

    public void Detail(Hl7Segment segment)
    {
        _detail?.Finish();
        _detail = null;
        if (orders.Pending is { } pending)
        {
            _order = orders.Claim();
            _key = OrderNumber.OfOrc(pending.Orc, walk.Patient, _scope) ?? Alone(segment);
            (_original, _request) = (null, null);
        }
        else if (_key.Length == 0)
        {
            _key = Alone(segment);
        }

        walk.Order = null;
        _detail = segment.Name switch
        {
            "RXD" => Dispense(segment),
            "RXA" => Administration(segment),
            _ => Request(segment),
        };
        _scope.Maps[$"{segment.Name}-Medication"].Run(segment, _detail.Medication, _scope);
        OrderProvenance.Target(_order?.Provenance, _detail.Draft);
        if (_order is { } order && _detail.Draft.Type == "MedicationRequest")
        {
            OrderTask.Orc(walk, order.Orc, _detail.Draft);
        }

        Waiting();
        walk.Noted = _detail.Target;
    }

    public void Timing(Hl7Segment tq1)
    {
        if (_detail is { } detail && detail.Draft.Type == "MedicationRequest")
        {
            _scope.Maps["TQ1-MedicationRequest"].Run(tq1, detail.Target, _scope);
            detail.Dosage.Timing(detail.Target.Content);
        }
    }

    public void Route(Hl7Segment rxr)
    {
        if (_detail is not { } detail)
        {
            return;
        }

        if (detail.Draft.Type == "MedicationAdministration")
        {
            _scope.Maps["RXR-MedicationAdministration"].Run(rxr, detail.Target, _scope);
            return;
        }

        _scope.Maps["RXR-MedicationRequest"].Run(rxr, detail.Target, _scope);
        detail.Dosage.Route(detail.Target.Content);
    }

    public void Component(Hl7Segment rxc)
    {
        if (_detail is not { } detail)
        {
            return;
        }

        var made = _scope.Scratch(detail.Medication);
        if (_scope.Maps["RXC-Medication"].Run(rxc, made, _scope) && made.Content["ingredient"] is JsonArray { Count: > 0 } list)
        {
            var ingredient = (JsonObject)list[0]!;
            list.Clear();
            detail.Component(ingredient);
        }
    }

    /// <summary>Another order begins.</summary>
    public void Close()
    {
        _detail?.Finish();
        (_detail, _order, _original, _request, _key) = (null, null, null, null, "");
    }

    public void Finish() => Close();

    // Timings and notes that came before the detail.
    private void Waiting()
    {
        foreach (var timing in _order?.Timings ?? [])
        {
            Timing(timing);
        }

        foreach (var note in _order?.Notes ?? [])
        {
            _scope.Maps["NTE-Annotation"].Run(note, _detail!.Target, _scope);
        }

        _order?.Timings.Clear();
        _order?.Notes.Clear();
    }

    private MedicationDetail Request(Hl7Segment segment)
    {
        var sub = segment.Name == "RXG" ? FhirText.String(segment[1]) ?? $"{segment.Ordinal}" : null;
        var detail = Start("MedicationRequest", TranslationMode.Merge, segment.Name, sub);
        var target = detail.Target;
        Common("ORC-MedicationRequest", target);
        detail.Dosage.Share(target.Content);
        _scope.Maps[$"{segment.Name}-MedicationRequest"].Run(segment, target, _scope);
        detail.Dosage.Share(target.Content);
        if (segment.Name is "RXO" or "RXE")
        {
            Who(segment, detail);
            Pharmacy(segment, target);
        }

        Identifiers.Distinct(target.Content);
        target.Content.Put("basedOn", _request is { } earlier && earlier != detail.Draft ? new JsonArray(earlier.Reference()) : null);
        if (segment.Name == "RXE")
        {
            target.Content["intent"] = _original is null ? "order" : "filler-order";
        }

        target.Presume("status", JsonValue.Create("unknown"));
        _original = segment.Name == "RXO" ? detail.Draft : _original;
        _request = segment.Name == "RXG" ? _request : detail.Draft;
        return detail;
    }

    private void Who(Hl7Segment segment, MedicationDetail detail)
    {
        OrderRequester.Put(_order?.Orc, segment.Name == "RXO" ? segment[14] : segment[13], detail.Target, _scope);
        var verified = _order?.Provenance ?? walk.Provenance;
        _scope.Maps[$"{segment.Name}-Provenance"].Run(segment, verified, _scope);
    }

    // The dispensing pharmacy's address and number stand in fields of their own.
    private void Pharmacy(Hl7Segment segment, ResourceDraft target)
    {
        if ((string?)target.Content["dispenseRequest"]?["performer"]?["reference"] is { } reference
            && _scope.Resources.Find("Organization", reference["Organization/".Length..]) is { } pharmacy)
        {
            var (address, telephone) = segment.Name == "RXO" ? (segment[33], segment[36]) : (segment[41], segment[45]);
            OrganizationContact.Complete(pharmacy, address, telephone, _scope);
        }
    }

    private MedicationDetail Dispense(Hl7Segment rxd)
    {
        var detail = Start("MedicationDispense", TranslationMode.Merge, FhirText.String(rxd[7]), FhirText.String(rxd[1]), FhirText.String(rxd[3]));
        var target = detail.Target;
        Common("ORC-MedicationDispense", target);
        _scope.Maps["RXD-MedicationDispense"].Run(rxd, target, _scope);
        detail.Dosage.Share(target.Content);
        Identifiers.Distinct(target.Content);
        if (target.Content["substitution"] is JsonObject substitution)
        {
            // Table 0167: G and T say that another product was given.
            substitution["wasSubstituted"] = rxd[11][1].Is("G") || rxd[11][1].Is("T");
        }

        target.Content.Put("authorizingPrescription", _request is null ? null : new JsonArray(_request.Reference()));
        target.Presume("status", JsonValue.Create("completed"));
        return detail;
    }

    private MedicationDetail Administration(Hl7Segment rxa)
    {
        var detail = Start("MedicationAdministration", TranslationMode.Merge, FhirText.String(rxa[1]), FhirText.String(rxa[2]), FhirText.String(rxa[3]), FhirText.Code(rxa[5][1]));
        var target = detail.Target;
        Common("ORC-MedicationAdministration", target);
        _scope.Maps["RXA-MedicationAdministration"].Run(rxa, target, _scope);
        target.Content.Put("request", _request?.Reference());
        target.Presume("status", JsonValue.Create("completed"));
        if (!target.Content.ContainsKey("effectiveDateTime") && !target.Content.ContainsKey("effectivePeriod"))
        {
            target.Content["_effectiveDateTime"] = DataAbsent.Unknown();
        }

        return detail;
    }

    private void Common(string map, ResourceDraft target)
    {
        _scope.Orc = _order?.Orc;
        if (_order?.Orc is { } orc)
        {
            _scope.Maps[map].Run(orc, target, _scope);
        }
    }

    private MedicationDetail Start(string type, TranslationMode mode, params ReadOnlySpan<string?> sub)
    {
        var key = $"{_key}|{string.Join('|', sub!)}";
        var times = _times[$"{type}|{key}"] = _times.GetValueOrDefault($"{type}|{key}") + 1;
        var draft = _scope.Resources.GetOrAdd(type, BusinessId.Of(type, key, times == 1 ? null : $"{times}"), mode, out var isNew);
        var target = isNew ? draft : _scope.Scratch(draft);
        target.Content["subject"] = walk.Patient?.Reference() ?? DataAbsent.Unknown();
        target.Content.Put(type is "MedicationRequest" ? "encounter" : "context", walk.Encounter?.Reference());
        return new MedicationDetail(draft, target, _scope);
    }

    // Without any number the place in this message.
    private string Alone(Hl7Segment segment) => $"message|{_scope.Key}|{segment.Location}";
}
