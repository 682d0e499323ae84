namespace FhirFacade.Fhir.Terminology;

/// <summary>What validate-code answers.</summary>
/// <param name="IsMember">Whether the code is one of those asked about; null where that cannot be decided.</param>
/// <param name="Display">The name that the code has; null where none is known.</param>
/// <param name="IsDisplayRight">Whether the name that was given is one of the code's; null where none was given or none is known.</param>
public sealed record CodeValidation(bool? IsMember, string? Display, bool? IsDisplayRight)
{
    /// <summary>Whether the answer is yes: a member, under no wrong name.</summary>
    public bool Result => IsMember == true && IsDisplayRight != false;
}

/// <summary>validate-code of value sets and code systems (https://hl7.org/fhir/R4/valueset-operation-validate-code.html).</summary>
public static class CodeValidations
{
    /// <summary>Whether a code is in a value set, and whether it is called so.</summary>
    /// <param name="terminology">What is at hand.</param>
    /// <param name="valueSet">Canonical url of the value set.</param>
    /// <param name="system">The code's system; null for a bare code, whose system the value set tells.</param>
    /// <param name="code">The code.</param>
    /// <param name="display">The name it is given; null for none.</param>
    public static CodeValidation ValidateCode(this TerminologySet terminology, string valueSet, string? system, string code, string? display = null)
    {
        ArgumentNullException.ThrowIfNull(terminology);
        var set = terminology.ValueSet(valueSet);
        var isMember = set is null ? null : terminology.Contains(set, system, code);
        if (isMember == false)
        {
            return new(false, null, null);
        }

        system ??= set?.Includes.Where(part => part.System is not null && (part.Codes.ContainsKey(code) || (part.Codes.Count == 0 && terminology.CodeSystem(part.System)?.Contains(code) == true)))
            .Select(part => part.System).FirstOrDefault();
        var given = set?.Includes.Where(part => part.System == system && part.Codes.ContainsKey(code)).Select(part => part.Codes[code]).FirstOrDefault(name => name is not null);
        return Named(terminology, system, code, display, isMember, given);
    }

    /// <summary>Whether a code is one of a code system, and whether it is called so.</summary>
    public static CodeValidation ValidateCodeIn(this TerminologySet terminology, string system, string code, string? display = null)
    {
        ArgumentNullException.ThrowIfNull(terminology);
        var isMember = terminology.CodeSystem(system)?.Contains(code);
        return isMember == false ? new(false, null, null) : Named(terminology, system, code, display, isMember, null);
    }

    /// <summary>
    /// Whether a name is one that a code has: its display or a designation, whatever the case and white space; null where
    /// none of its names is known.
    /// </summary>
    public static bool? IsDisplay(this TerminologySet terminology, string system, string code, string display)
    {
        ArgumentNullException.ThrowIfNull(terminology);
        return terminology.CodeSystem(system) is { } codes && codes.Find(code) is { Display: { } name }
            ? AreSame(name, display) || codes.Details(code)?.Designations.Any(designation => AreSame(designation.Value, display)) == true
            : null;
    }

    private static CodeValidation Named(TerminologySet terminology, string? system, string code, string? display, bool? isMember, string? given)
    {
        var name = given ?? (system is null ? null : terminology.CodeSystem(system)?.Find(code)?.Display);
        return new(
            isMember,
            name,
            display is null || name is null ? null : AreSame(name, display) || (system is not null && terminology.IsDisplay(system, code, display) == true));
    }

    private static bool AreSame(string one, string other) => Plain(one).Equals(Plain(other), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
