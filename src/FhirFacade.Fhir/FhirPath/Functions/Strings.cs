using System.Globalization;
using System.Text;
using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>https://hl7.org/fhirpath/N1/#string-manipulation. An empty input or argument gives an empty result.</summary>
internal static class Strings
{
    public static Collection IndexOf(in Collection input, Node[] arguments, Scope scope) =>
        Two(input, arguments, scope) is var (text, part) ? Collection.Of(text.IndexOf(part, StringComparison.Ordinal)) : Collection.Empty;

    public static Collection LastIndexOf(in Collection input, Node[] arguments, Scope scope) =>
        Two(input, arguments, scope) is var (text, part)
            ? Collection.Of(part.Length == 0 ? text.Length : text.LastIndexOf(part, StringComparison.Ordinal))
            : Collection.Empty;

    public static Collection Substring(in Collection input, Node[] arguments, Scope scope)
    {
        if (Singletons.String(input) is not { } text || Singletons.Integer(arguments[0].Evaluate(scope)) is not { } start
            || start < 0 || start >= text.Length)
        {
            return Collection.Empty;
        }

        var length = arguments.Length > 1 ? Singletons.Integer(arguments[1].Evaluate(scope)) ?? int.MaxValue : int.MaxValue;
        return Collection.Of(text.Substring(start, Math.Clamp(length, 0, text.Length - start)));
    }

    public static Collection StartsWith(in Collection input, Node[] arguments, Scope scope) =>
        Two(input, arguments, scope) is var (text, part) ? new Collection(text.StartsWith(part, StringComparison.Ordinal)) : Collection.Empty;

    public static Collection EndsWith(in Collection input, Node[] arguments, Scope scope) =>
        Two(input, arguments, scope) is var (text, part) ? new Collection(text.EndsWith(part, StringComparison.Ordinal)) : Collection.Empty;

    public static Collection Contains(in Collection input, Node[] arguments, Scope scope) =>
        Two(input, arguments, scope) is var (text, part) ? new Collection(text.Contains(part, StringComparison.Ordinal)) : Collection.Empty;

    public static Collection Upper(in Collection input, Node[] arguments, Scope scope) =>
        Collection.Of(Singletons.String(input)?.ToUpper(CultureInfo.InvariantCulture));

    public static Collection Lower(in Collection input, Node[] arguments, Scope scope) =>
        Collection.Of(Singletons.String(input)?.ToLower(CultureInfo.InvariantCulture));

    public static Collection Trim(in Collection input, Node[] arguments, Scope scope) => Collection.Of(Singletons.String(input)?.Trim());

    public static Collection Length(in Collection input, Node[] arguments, Scope scope) => Collection.Of((object?)Singletons.String(input)?.Length);

    public static Collection Replace(in Collection input, Node[] arguments, Scope scope)
    {
        if (Two(input, arguments, scope) is not var (text, pattern) || Singletons.String(arguments[1].Evaluate(scope)) is not { } substitution)
        {
            return Collection.Empty;
        }

        if (pattern.Length > 0)
        {
            // Only where it might be too long is it worth while to count.
            if (substitution.Length > pattern.Length && (long)text.Length * substitution.Length / pattern.Length > TextLimit.Most)
            {
                TextLimit.Check(text.Length + ((long)text.AsSpan().Count(pattern) * (substitution.Length - pattern.Length)));
            }

            return Collection.Of(text.Replace(pattern, substitution, StringComparison.Ordinal));
        }

        TextLimit.Check(text.Length + ((text.Length + 1L) * substitution.Length));
        var surrounded = new StringBuilder(substitution);
        foreach (var c in text)
        {
            surrounded.Append(c).Append(substitution);
        }

        return Collection.Of(surrounded.ToString());
    }

    public static Collection ToChars(in Collection input, Node[] arguments, Scope scope)
    {
        var characters = new CollectionBuilder();
        var text = Singletons.String(input) ?? "";
        scope.State.Step(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            characters.Add(new Item(rune.ToString()));
        }

        return characters.ToCollection();
    }

    public static Collection Split(in Collection input, Node[] arguments, Scope scope)
    {
        var parts = new CollectionBuilder();
        if (Two(input, arguments, scope) is var (text, separator))
        {
            scope.State.Step(text.Length);
            foreach (var part in separator.Length == 0 ? text.EnumerateRunes().Select(rune => rune.ToString()) : text.Split(separator))
            {
                parts.Add(new Item(part));
            }
        }

        return parts.ToCollection();
    }

    public static Collection Join(in Collection input, Node[] arguments, Scope scope)
    {
        var separator = arguments.Length == 0 ? "" : Singletons.String(arguments[0].Evaluate(scope)) ?? "";
        if (input.IsEmpty)
        {
            return input;
        }

        var joined = new StringBuilder();
        for (var i = 0; i < input.Count; i++)
        {
            joined.Append(i > 0 ? separator : "").Append(Singletons.String(new Collection(input[i])));
            TextLimit.Check(joined.Length);
        }

        return Collection.Of(joined.ToString());
    }

    private static (string Text, string Argument)? Two(in Collection input, Node[] arguments, Scope scope)
    {
        var text = Singletons.String(input);
        var argument = Singletons.String(arguments[0].Evaluate(scope));
        return text is null || argument is null ? null : (text, argument);
    }
}
