using System.Collections.Immutable;
using System.Text;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>Cuts a <c>_filter</c> into words, texts in quotation marks, and brackets.</summary>
internal static class FilterTokens
{
    /// <summary>The tokens, each with the number of its first character, from 1; null where a text has no end.</summary>
    public static ImmutableArray<FilterToken>? Of(string filter)
    {
        var tokens = ImmutableArray.CreateBuilder<FilterToken>();
        for (var i = 0; i < filter.Length;)
        {
            var start = i;
            switch (filter[i])
            {
                case ' ':
                    i++;
                    break;
                case '(' or ')' or '[' or ']':
                    tokens.Add(new FilterToken(filter[i++].ToString(), start + 1, false));
                    break;
                case '"':
                    if (Quoted(filter, ref i) is not { } text)
                    {
                        return null;
                    }

                    tokens.Add(new FilterToken(text, start + 1, true));
                    break;
                default:
                    while (i < filter.Length && filter[i] is not (' ' or '(' or ')' or '[' or ']'))
                    {
                        i++;
                    }

                    tokens.Add(new FilterToken(filter[start..i], start + 1, false));
                    break;
            }
        }

        return tokens.ToImmutable();
    }

    private static string? Quoted(string filter, ref int i)
    {
        var text = new StringBuilder();
        for (i++; i < filter.Length; i++)
        {
            switch (filter[i])
            {
                case '"':
                    i++;
                    return text.ToString();
                case '\\' when i + 1 < filter.Length:
                    text.Append(filter[++i]);
                    break;
                default:
                    text.Append(filter[i]);
                    break;
            }
        }

        return null;
    }
}

/// <summary>A word, a text or a bracket.</summary>
/// <param name="Text">Without quotation marks.</param>
/// <param name="At">The number of its first character, from 1.</param>
/// <param name="IsText">Whether it was in quotation marks.</param>
internal sealed record FilterToken(string Text, int At, bool IsText);
