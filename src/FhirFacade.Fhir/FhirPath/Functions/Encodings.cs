using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>https://hl7.org/fhirpath/#additional-string-functions: encode, decode, escape, unescape. Unknown names and broken input give empty.</summary>
internal static class Encodings
{
    public static Collection Encode(in Collection input, Node[] arguments, Scope scope) => Convert(input, arguments, scope, static (text, format) => format switch
    {
        "hex" => System.Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        "base64" => System.Convert.ToBase64String(Encoding.UTF8.GetBytes(text)),
        "urlbase64" => System.Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).Replace('+', '-').Replace('/', '_'),
        _ => null,
    });

    public static Collection Decode(in Collection input, Node[] arguments, Scope scope) => Convert(input, arguments, scope, static (text, format) =>
    {
        try
        {
            return format switch
            {
                "hex" => Encoding.UTF8.GetString(System.Convert.FromHexString(text)),
                "base64" => Encoding.UTF8.GetString(System.Convert.FromBase64String(text)),
                "urlbase64" => Encoding.UTF8.GetString(System.Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/'))),
                _ => null,
            };
        }
        catch (FormatException)
        {
            return null;
        }
    });

    public static Collection Escape(in Collection input, Node[] arguments, Scope scope) => Convert(input, arguments, scope, static (text, target) => target switch
    {
        "html" => WebUtility.HtmlEncode(text),
        "json" => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        _ => null,
    });

    public static Collection Unescape(in Collection input, Node[] arguments, Scope scope) => Convert(input, arguments, scope, static (text, target) =>
    {
        switch (target)
        {
            case "html":
                return WebUtility.HtmlDecode(text);
            case "json":
                return JsonText(text) ?? JsonText(text.Replace("\"", "\\\"", StringComparison.Ordinal));
            default:
                return null;
        }
    });

    private static string? JsonText(string text)
    {
        try
        {
            using var document = JsonDocument.Parse($"\"{text}\"");
            return document.RootElement.GetString();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Collection Convert(in Collection input, Node[] arguments, Scope scope, Func<string, string, string?> conversion) =>
        Singletons.String(input) is { } text && Singletons.String(arguments[0].Evaluate(scope)) is { } format
            ? Collection.Of(TextLimit.Checked(conversion(text, format)))
            : Collection.Empty;
}
