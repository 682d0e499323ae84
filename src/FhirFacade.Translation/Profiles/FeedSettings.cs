using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Profiles;

/// <summary>The switches of <see cref="FeedProfile"/> as a profile's file writes them: every property, its first letter small.</summary>
public static class FeedSettings
{
    // What a profile is, not what it says; and what the server decides for all feeds.
    private static readonly string[] NoSwitches = [nameof(FeedProfile.Name), nameof(FeedProfile.Version), nameof(FeedProfile.Lineage)];

    private static readonly FrozenDictionary<string, PropertyInfo> ByName = typeof(FeedProfile)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(static p => p.CanWrite && !NoSwitches.Contains(p.Name))
        .ToFrozenDictionary(static p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..], StringComparer.OrdinalIgnoreCase);

    /// <summary>Names as they are written.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>What may stand for a switch, for a person to read.</summary>
    /// <exception cref="KeyNotFoundException">There is no such switch.</exception>
    public static string Values(string name) => Describe(ByName[name].PropertyType);

    /// <summary>The profile with one switch set. Null, and a reason, if there is no such switch or value.</summary>
    public static FeedProfile? Set(FeedProfile profile, string name, string value, out string? reason)
    {
        ArgumentNullException.ThrowIfNull(profile);
        reason = null;
        if (!ByName.TryGetValue(name, out var property))
        {
            reason = $"there is no setting '{name}'; there are {string.Join(", ", Names)}";
            return null;
        }

        if (!TryRead(property.PropertyType, value.Trim(), out var read))
        {
            reason = $"{name} must be {Describe(property.PropertyType)}";
            return null;
        }

        var changed = profile with { };
        property.SetValue(changed, read);
        return changed;
    }

    private static bool TryRead(Type type, string text, out object? value)
    {
        value = null;
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return text.Length == 0 || TryRead(inner, text, out value);
        }

        if (type == typeof(string))
        {
            value = text.Length == 0 ? null : text;
            return true;
        }

        if (type == typeof(bool))
        {
            value = text.ToUpperInvariant() switch { "TRUE" or "YES" or "ON" => true, "FALSE" or "NO" or "OFF" => false, _ => null };
        }
        else if (type == typeof(int))
        {
            value = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        else if (type == typeof(TimeSpan))
        {
            value = TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : null;
        }
        else if (type == typeof(TimeZoneInfo))
        {
            value = TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) ? zone : null;
        }
        else if (type == typeof(Encoding))
        {
            value = CharsetNames.Find(text);
        }
        else if (type.IsEnum)
        {
            var name = text.Replace("-", "", StringComparison.Ordinal);
            value = Enum.GetNames(type).Contains(name, StringComparer.OrdinalIgnoreCase) ? Enum.Parse(type, name, ignoreCase: true) : null;
        }
        else if (type == typeof(ImmutableArray<string>))
        {
            value = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToImmutableArray();
        }
        else
        {
            throw new NotSupportedException($"a switch of type {type} cannot be written");
        }

        return value is not null;
    }

    private static string Describe(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? Describe(inner)
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) ? "a number"
        : type == typeof(TimeSpan) ? "a time such as 00:30"
        : type == typeof(TimeZoneInfo) ? "a time zone such as Europe/Vienna"
        : type == typeof(Encoding) ? "a character set such as 8859/1"
        : type.IsEnum ? string.Join(" or ", Enum.GetNames(type).Select(static n => char.ToLowerInvariant(n[0]) + n[1..]))
        : type == typeof(ImmutableArray<string>) ? "texts with commas between them"
        : "a text";
}
