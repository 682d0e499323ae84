using System.Buffers.Text;

namespace FhirFacade.Fhir.Json;

/// <summary>
/// Checks the <c>\uXXXX</c> escapes of syntactically valid JSON: JSON's grammar lets half a surrogate pair through, but it
/// is no text, and reading it would throw far from here.
/// </summary>
public static class SurrogateEscapes
{
    /// <summary>Whether every escaped half has its other half.</summary>
    /// <param name="json">Well-formed JSON.</param>
    public static bool ArePaired(ReadOnlySpan<byte> json)
    {
        while (true)
        {
            var backslash = json.IndexOf((byte)'\\');
            if (backslash < 0)
            {
                return true;
            }

            json = json[backslash..];
            if (json[1] != 'u')
            {
                json = json[2..];
                continue;
            }

            var unit = CodeUnit(json);
            json = json[6..];
            if (char.IsLowSurrogate(unit))
            {
                return false;
            }

            if (char.IsHighSurrogate(unit))
            {
                if (json.Length < 6 || json[0] != '\\' || json[1] != 'u' || !char.IsLowSurrogate(CodeUnit(json)))
                {
                    return false;
                }

                json = json[6..];
            }
        }
    }

    private static char CodeUnit(ReadOnlySpan<byte> escape) =>
        Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'x') ? (char)unit : '\0';
}
