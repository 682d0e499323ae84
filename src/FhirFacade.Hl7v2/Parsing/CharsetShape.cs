namespace FhirFacade.Hl7v2.Parsing;

/// <summary>Whether a byte that looks like a delimiter can be part of another character.</summary>
internal enum CharsetShape
{
    /// <summary>Never: UTF-8, the single-byte sets, EUC.</summary>
    AsciiSafe,

    /// <summary>Between a designation of a multi-byte set and the one that ends it: ISO-2022-JP and its kin.</summary>
    Iso2022,

    /// <summary>As the second byte of a pair whose first is 81-9F or E0-FC.</summary>
    ShiftJis,

    /// <summary>As the second byte of a pair (Big5, GBK), or the second and fourth of four (GB 18030), whose first is 81-FE.</summary>
    LeadByte,
}
