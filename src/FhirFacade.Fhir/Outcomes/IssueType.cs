namespace FhirFacade.Fhir.Outcomes;

/// <summary>The codes of http://hl7.org/fhir/issue-type that this server uses.</summary>
public static class IssueType
{
    /// <summary>The content breaks a rule and nothing more specific fits.</summary>
    public const string Invalid = "invalid";

    /// <summary>The content cannot be read, or has a shape that the type does not allow.</summary>
    public const string Structure = "structure";

    /// <summary>An element that must be there is not.</summary>
    public const string Required = "required";

    /// <summary>A value has the wrong form or lies outside what is allowed.</summary>
    public const string Value = "value";

    /// <summary>A rule between elements is broken.</summary>
    public const string Invariant = "invariant";

    /// <summary>A code is not one of those allowed.</summary>
    public const string CodeInvalid = "code-invalid";

    /// <summary>An extension that is not known, or may not stand here.</summary>
    public const string Extension = "extension";

    /// <summary>No usable credentials came with the request.</summary>
    public const string Login = "login";

    /// <summary>The credentials do not allow the action.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>The action, type, parameter or format is not offered.</summary>
    public const string NotSupported = "not-supported";

    /// <summary>There is no such resource, or none that the caller may see.</summary>
    public const string NotFound = "not-found";

    /// <summary>The resource was there and has been deleted.</summary>
    public const string Deleted = "deleted";

    /// <summary>More than one resource matches where one was needed.</summary>
    public const string MultipleMatches = "multiple-matches";

    /// <summary>A version does not match, or somebody else changed the resource meanwhile.</summary>
    public const string Conflict = "conflict";

    /// <summary>There is one already.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>The content is longer than this server takes.</summary>
    public const string TooLong = "too-long";

    /// <summary>The action would take more than this server spends on one.</summary>
    public const string TooCostly = "too-costly";

    /// <summary>A rule of this server, rather than of FHIR, refuses the action.</summary>
    public const string BusinessRule = "business-rule";

    /// <summary>Too many requests.</summary>
    public const string Throttled = "throttled";

    /// <summary>Something that passes by itself; the same request may succeed later.</summary>
    public const string Transient = "transient";

    /// <summary>The action took too long.</summary>
    public const string Timeout = "timeout";

    /// <summary>A fault of the server.</summary>
    public const string Exception = "exception";

    /// <summary>Nothing went wrong.</summary>
    public const string Informational = "informational";
}
