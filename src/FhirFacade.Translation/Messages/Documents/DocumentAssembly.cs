using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Documents;

/// <summary>
/// TXA with the OBX after it -> DocumentReference, by the document's number (TXA-12). An addendum appends to its parent (TXA-13), a replacement
/// replaces it, and the parent is superseded.
/// </summary>
internal sealed class DocumentAssembly(MessageWalk walk)
{
    private const string Category = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category";

    private readonly MessageScope _scope = walk.Scope;
    private ResourceDraft? _document;
    private DocumentContent? _content;
    private Hl7Segment _txa;

    public bool IsOpen => _document is not null;

    public void Txa(Hl7Segment txa)
    {
        Finish();
        walk.Noted = null;
        _txa = txa;
        var number = EiToIdentifier.Key(txa[12], _scope);
        var id = number is { } key ? Id(key) : BusinessId.Of("DocumentReference", "message", _scope.Key, txa.Location);
        var draft = _scope.Resources.GetOrAdd("DocumentReference", id, TranslationMode.Merge, out var isNew);
        _document = isNew ? draft : _scope.Scratch(draft);
        _content = new DocumentContent(txa, _scope);
        var content = _document.Content;
        content["category"] = new JsonArray(Coded.Concept(Category, "clinical-note", "Clinical Note"));
        content.Put("subject", walk.Patient?.Reference());
        _scope.Maps["TXA-DocumentReference"].Run(txa, _document, _scope);
        _scope.Maps["TXA-Provenance"].Run(txa, walk.Provenance, _scope);
        Context(content);
        DocumentStatus.Decide(walk, txa, _document);
        Parent(txa, number, _document);

        // Orders and specimens before TXA are what the document is about, not what its OBX report.
        walk.Order = null;
        walk.Specimen = null;
    }

    /// <summary>An OBX that is content of the document; false if it is an observation of its own.</summary>
    public bool Obx(Hl7Segment obx)
    {
        if (!_content!.Take(obx))
        {
            return false;
        }

        _scope.Maps["OBX-DocumentReference"].Run(obx, _document!, _scope);
        if (_document!.Content["docStatus"] is null && FhirText.Code(obx[11]) is { } status)
        {
            _document.Content.Put("docStatus", _scope.Maps.Table("ObservationStatus-DocumentStatus").Find(status)?.Code);
        }

        return true;
    }

    /// <summary>An observation that came with the document.</summary>
    public void Relate(ResourceDraft? observation)
    {
        if (observation is { Type: "Observation" })
        {
            ContextOf(_document!.Content).Append("related", observation.Reference());
        }
    }

    public void Note(Hl7Segment nte)
    {
        _scope.Maps["NTE-DocumentReference"].Run(nte, _document!, _scope);
        _content!.Note(nte);
    }

    public void Finish()
    {
        if (_document is { } document)
        {
            _document = null;
            _content!.Finish(document);
        }
    }

    // A number without authority is the sending application's own.
    private string Id(IdentifierKey number) => BusinessId.Of("DocumentReference", number.System ?? _scope.Sender.System, number.Value);

    private static JsonObject ContextOf(JsonObject content)
    {
        if (content["context"] is not JsonObject context)
        {
            content["context"] = context = [];
        }

        return context;
    }

    private void Context(JsonObject content)
    {
        if (walk.Encounter is { } encounter)
        {
            ContextOf(content)["encounter"] = new JsonArray(encounter.Reference());
        }

        var requests = _scope.Resources.All.Where(static r => r.Type == "ServiceRequest").ToArray();
        foreach (var request in requests)
        {
            ContextOf(content).Append("related", request.Reference());
        }

        if (requests.Length == 0 && (Order(_txa[14]) ?? Order(_txa[15])) is { } order)
        {
            ContextOf(content).Append("related", order);
        }
    }

    private JsonObject? Order(Hl7Element number) => EiToReference.Reference(number.Repetition(1), "ServiceRequest", _scope);

    private void Parent(Hl7Segment txa, IdentifierKey? number, ResourceDraft document)
    {
        if (EiToIdentifier.Key(txa[13], _scope) is not { } parent || parent == number)
        {
            return;
        }

        if (walk.Event is not ("T09" or "T10"))
        {
            var code = walk.Event is "T07" or "T08" ? "transforms" : "appends";
            document.Content["relatesTo"] = new JsonArray(new JsonObject { ["code"] = code, ["target"] = EiToReference.Reference(txa[13], "DocumentReference", _scope) });
            return;
        }

        var replaced = _scope.Resources.GetOrAdd("DocumentReference", Id(parent), TranslationMode.Merge, out var isNew);
        replaced.Content["status"] = "superseded";
        if (isNew)
        {
            replaced.Content.Put("masterIdentifier", EiToIdentifier.Identifier(txa[13], null, _scope));
            replaced.Content.Put("subject", walk.Patient?.Reference());
            replaced.Presume("content", DocumentContent.None());
        }

        document.Content["relatesTo"] = new JsonArray(new JsonObject { ["code"] = "replaces", ["target"] = replaced.Reference() });
    }
}
