namespace FhirFacade.Translation.Profiles;

/// <summary>What becomes of a row.</summary>
internal enum TableAction
{
    /// <summary>It joins the others, as the last of its field.</summary>
    Add,

    /// <summary>It takes the place of those that are found; of a code table, whether or not there is one.</summary>
    Replace,

    /// <summary>Those that are found go.</summary>
    Drop,

    /// <summary>All rows of the table go.</summary>
    Clear,
}

/// <summary>A change to a segment map or a code table.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Table"><c>PID-Patient</c> or <c>AdministrativeSex</c>.</param>
/// <param name="IsCodes">It is a code table.</param>
/// <param name="Where">Cells by which rows are found.</param>
/// <param name="Cells">Cells of the new row; what they leave out a replaced row keeps.</param>
/// <param name="Line">In the profile's file.</param>
internal sealed record TableChange(
    TableAction Action, string Table, bool IsCodes, IReadOnlyDictionary<string, string> Where, IReadOnlyDictionary<string, string> Cells, int Line)
{
    /// <summary>Columns by which a row of a segment map is found.</summary>
    public static readonly string[] SegmentKeys = ["field", "condition", "path"];

    /// <summary>Columns of a segment map.</summary>
    public static readonly string[] SegmentColumns = ["field", "condition", "path", "type", "table", "constant"];

    /// <summary>Columns of a code table.</summary>
    public static readonly string[] CodeColumns = ["table", "from", "code", "display", "system"];

    public string Path => IsCodes ? $"codes/{Table}.csv" : $"segments/{Table}.csv";
}
