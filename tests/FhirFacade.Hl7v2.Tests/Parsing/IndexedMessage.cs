using System.Text;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Tests.Parsing;

/// <summary>Walks every part of an indexed message.</summary>
internal static class IndexedMessage
{
    /// <summary>Coordinates and raw texts of everything that has a text, Latin-1, in the form of <see cref="NaiveMessage"/>.</summary>
    public static IEnumerable<(string Location, string Raw)> Leaves(Hl7Message message)
    {
        foreach (var segment in message.Segments)
        {
            for (var f = 1; f <= segment.FieldCount; f++)
            {
                var field = segment[f];
                if (segment.Name == "MSH" && f <= 2)
                {
                    yield return (field.Location, Encoding.Latin1.GetString(field.Raw));
                    continue;
                }

                foreach (var repetition in field.Repetitions)
                {
                    for (var c = 1; c <= repetition.ComponentCount; c++)
                    {
                        var component = repetition.Component(c);
                        for (var s = 1; s <= component.SubcomponentCount; s++)
                        {
                            var part = component.Subcomponent(s);
                            if (part.Raw.Length > 0)
                            {
                                yield return (part.Location, Encoding.Latin1.GetString(part.Raw));
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>Touches everything that the API offers; returns the number of parts.</summary>
    public static int Touch(Hl7Message message)
    {
        var parts = 0;
        _ = (message.MessageCode, message.TriggerEvent, message.Structure, message.ControlId, message.Version, message.SendingApplication.Text);
        foreach (var segment in message.Segments)
        {
            _ = (segment.Name, segment.Location, segment.Raw.Length);
            for (var f = 0; f <= segment.FieldCount + 1; f++)
            {
                var field = segment[f];
                _ = (field.Text, field.Value, field.IsNull, field.HasValue, field.ComponentCount, field.SubcomponentCount);
                foreach (var repetition in field.Repetitions)
                {
                    for (var c = 0; c <= repetition.ComponentCount + 1; c++)
                    {
                        var component = repetition[c];
                        _ = (component.Text, component.IsEmpty, component.Location);
                        for (var s = 0; s <= component.SubcomponentCount + 1; s++)
                        {
                            _ = component.Subcomponent(s).Text;
                            parts++;
                        }
                    }
                }
            }
        }

        return parts;
    }
}
