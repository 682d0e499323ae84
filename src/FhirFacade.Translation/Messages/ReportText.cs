using System.Text;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>Lines of text that are joined into DiagnosticReport.presentedForm (<see cref="TextLines.PresentedForm"/>).</summary>
internal static class ReportText
{
    // What a line of text has to say: number, type, code, line, value, status. Anything else that is populated is reported.
    private static readonly int[] Fields = [1, 2, 3, 4, 5, 11];

    public static bool IsText(Hl7Segment obx) => obx[2].Is("TX") || obx[2].Is("FT");

    /// <summary>Takes the line; a deleted one (D, W) is none.</summary>
    public static void Add(Order order, Hl7Segment obx, MessageScope scope)
    {
        order.Text ??= [];
        if (!obx[11].Is("D") && !obx[11].Is("W"))
        {
            order.Text.Add(Line(obx));
        }

        MarkRead(obx, scope);
    }

    /// <summary>What the line says has found its place.</summary>
    public static void MarkRead(Hl7Segment obx, MessageScope scope)
    {
        foreach (var field in Fields)
        {
            scope.Use.Read(obx, field);
        }
    }

    /// <summary>The value as one text, trailing blanks gone; empty for an empty line.</summary>
    public static string Line(Hl7Segment obx) => Primitives.LinesOf(obx[5]).TrimEnd();

    public static void Finish(Order order, ResourceDraft report)
    {
        if (order.Text is not { Count: > 0 } lines || lines.TrueForAll(static l => l.Length == 0))
        {
            return;
        }

        report.Content.Append("presentedForm", new JsonObject
        {
            ["contentType"] = "text/plain; charset=utf-8",
            ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Join('\n', lines))),
        });
    }
}
