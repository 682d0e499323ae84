using System.Text;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Documents;

/// <summary>
/// What a document consists of: lines of text in OBX (TX, FT, ST), joined as long as they stand under one heading (OBX-3), empty lines included;
/// and whole attachments (ED) or pointers to them (RP).
/// </summary>
internal sealed class DocumentContent(Hl7Segment txa, MessageScope scope)
{
    private readonly List<(JsonObject Attachment, string? Title, string? Created)> _attachments = [];
    private readonly List<string> _lines = [];
    private string? _heading;
    private string? _title;
    private string? _created;

    /// <summary>Content of a document that the message does not carry.</summary>
    public static JsonArray None() => new(new JsonObject { ["attachment"] = DataAbsent.Unknown() });

    /// <summary>False if the OBX is no content.</summary>
    public bool Take(Hl7Segment obx)
    {
        var type = obx[2];
        var isText = type.Is("TX") || type.Is("FT") || type.Is("ST") || !type.HasValue;
        if (!isText && !type.Is("ED") && !type.Is("RP"))
        {
            return false;
        }

        var heading = FhirText.Code(obx[3][1]) ?? FhirText.String(obx[3][2]) ?? "";
        if (!isText || heading != _heading || !scope.Profile.JoinDocumentLines)
        {
            CloseText();
        }

        (_heading, _title, _created) = (heading, CweToString.Text(obx[3]), DtmToDateTime.Text(obx[14], scope));
        if (isText)
        {
            _lines.Add(Primitives.LinesOf(obx[5]));
            return true;
        }

        foreach (var part in obx[5].Repetitions)
        {
            Add(type.Is("ED") ? EdToAttachment.Attachment(part, scope) : RpToAttachment.Attachment(part));
        }

        return true;
    }

    /// <summary>A note after OBX is a text of the document too.</summary>
    public void Note(Hl7Segment nte)
    {
        CloseText();
        _title = "Note";
        Add(Plain(FhirText.Block(Primitives.LinesOf(nte[3])) ?? CweToString.Text(nte[9])));
    }

    public void Finish(ResourceDraft document)
    {
        CloseText();
        foreach (var (attachment, title, created) in _attachments)
        {
            attachment.Put("title", FhirText.String(txa[25]) ?? title);
            attachment.Put("creation", DtmToDateTime.Text(txa[7], scope) ?? DtmToDateTime.Text(txa[6], scope) ?? created);
            var entry = new JsonObject { ["attachment"] = attachment };
            entry.Put("format", FhirText.Code(txa[3]) is { } format ? new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v2-0191", ["code"] = format } : null);
            document.Content.Append("content", entry);
        }

        document.Presume("content", None());
    }

    private void CloseText()
    {
        Add(Plain(FhirText.Block(string.Join('\n', _lines))));
        _lines.Clear();
        _heading = null;
    }

    private void Add(JsonObject? attachment)
    {
        if (attachment is not null)
        {
            _attachments.Add((attachment, _title, _created));
        }
    }

    private static JsonObject? Plain(string? text) =>
        text is null ? null : new JsonObject { ["contentType"] = "text/plain", ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) };
}
