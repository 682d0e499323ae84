using System.Collections.Immutable;
using System.Text;
using FhirFacade.Storage.Journal;

namespace FhirFacade.Storage.Tests.Journal;

/// <summary>Messages to put in the journal; what is in them does not matter here.</summary>
internal static class JournalSamples
{
    public static JournalEntry Entry(string controlId, string text = "MSH|", string patient = "p", string sender = "LAB", params string[] otherPatients) => new(
        sender,
        controlId,
        "ADT^A01",
        new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero),
        Encoding.UTF8.GetBytes(text),
        Lanes.For(otherPatients.Append(patient), sender),
        "correlation");

    public static JournalEntry Unreadable(string text) =>
        new("", "", "", new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero), Encoding.UTF8.GetBytes(text), Lanes.For([], ""), "correlation", new("byte 0", "a message begins with MSH", 100));

    public static string Text(this JournalMessage message) => Encoding.UTF8.GetString(message.Bytes.Span);
}
