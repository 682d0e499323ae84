using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;
using FhirFacade.Translation.Messages;

namespace FhirFacade.Translation.Segments;

/// <summary>One compiled table: what the fields of a segment say about one resource.</summary>
internal sealed class SegmentMap(string name, TargetNodes nodes, FieldRows[] fields)
{
    /// <summary>Such as <c>PID-Patient</c>.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// Runs all rows over a segment. Lists are appended to, single elements overwritten. Never makes an empty object, nor one that holds
    /// constants only.
    /// </summary>
    /// <returns>False if the segment had nothing for this resource.</returns>
    public bool Run(Hl7Segment segment, ResourceDraft draft, MessageScope scope)
    {
        scope.Segment = segment;
        var made = nodes.Count == 0 ? [] : new JsonObject?[nodes.Count];
        var any = false;
        var last = segment.FieldCount;
        foreach (var rows in fields)
        {
            if (rows.Field > last)
            {
                break;
            }

            if (rows.Field == 0)
            {
                continue;
            }

            if (rows.IsAssembly)
            {
                scope.Use.Read(segment, rows.Field);
            }

            var field = segment[rows.Field];
            if (field.Raw.Length == 0 || (rows.Values.Length == 0 && rows.Constants.Length == 0))
            {
                continue;
            }

            if (field.IsNull && !scope.Profile.QuotesDelete)
            {
                scope.Use.Read(segment, rows.Field);
            }
            else if (field.IsNull)
            {
                Delete(rows, segment, draft, scope);
            }
            else if (!field.IsEmpty)
            {
                any |= RunField(rows, field, segment, made, draft, scope);
            }
        }

        // Rows without a field come last: they complete what the others made.
        if (fields.Length > 0 && fields[0].Field == 0)
        {
            foreach (var row in fields[0].Constants)
            {
                if (row.When is null || row.When(segment, scope))
                {
                    Write(row, row.Constant, made, draft);
                }
            }
        }

        return any;
    }

    private bool RunField(FieldRows rows, Hl7Element field, Hl7Segment segment, JsonObject?[] made, ResourceDraft draft, MessageScope scope)
    {
        var repetitions = field.RepetitionCount;
        var issues = scope.IssueCount;
        var any = false;
        for (var n = 1; n <= repetitions; n++)
        {
            if (n > 1)
            {
                foreach (var node in rows.Renewed)
                {
                    made[node] = null;
                }
            }

            var isRead = false;
            var takes = false;
            foreach (var row in rows.Values)
            {
                if (n > 1 && (!row.TakesRepetitions || row.Type!.WholeField))
                {
                    takes |= row.Type!.WholeField;
                    continue;
                }

                takes = true;
                if (row.When is null || row.When(segment, scope))
                {
                    var value = row.Type!.WholeField ? field : field.Repetition(n);
                    isRead |= RunRow(row, row.Component > 0 ? value[row.Component] : value, made, draft, scope);
                }
            }

            if (isRead || rows.Values.Length == 0)
            {
                foreach (var row in rows.Constants)
                {
                    if (row.When is null || row.When(segment, scope))
                    {
                        isRead |= Write(row, row.Constant, made, draft);
                    }
                }
            }

            if (!takes && !rows.IsAssembly && field.Repetition(n).HasValue)
            {
                scope.Use.Skipped(segment, rows.Field, field.Repetition(n).Location);
            }
            else if (n > 1)
            {
                scope.Use.TookAll(segment, rows.Field);
            }

            any |= isRead;
        }

        if (any || scope.IssueCount > issues)
        {
            scope.Use.Read(segment, rows.Field);
        }

        return any;
    }

    private bool RunRow(MapRow row, Hl7Element value, JsonObject?[] made, ResourceDraft draft, MessageScope scope)
    {
        if (value.Raw.Length == 0 || value.IsNull)
        {
            return false;
        }

        bool done;
        if (row.Type!.Content is { } content)
        {
            done = content(value, row, scope, draft.Content);
        }
        else
        {
            done = Write(row, row.Type.Value!(value, row, scope), made, draft);
        }

        if (done)
        {
            scope.Trace(draft, row, value);
            if (row.IsPeriodHalf)
            {
                PeriodEnd.Check(nodes.GetOrCreate(row.Parent, made, draft.Content), value.Location, scope);
            }
        }

        return done;
    }

    private bool Write(MapRow row, Mapped mapped, JsonObject?[] made, ResourceDraft draft)
    {
        if (mapped.IsNothing)
        {
            return false;
        }

        var parent = nodes.GetOrCreate(row.Parent, made, draft.Content);
        if (!row.IsList)
        {
            if (mapped.Value is not null)
            {
                parent[row.Leaf] = mapped.Value;
            }

            if (mapped.Sibling is not null)
            {
                parent["_" + row.Leaf] = mapped.Sibling;
            }

            return true;
        }

        // A list of primitives has room for an extension only beside a value.
        switch (mapped.Value)
        {
            case null:
                return false;
            case JsonArray several:
                foreach (var item in several)
                {
                    TargetNodes.Append(parent, row.Leaf, item!);
                }

                return true;
            case JsonObject item:
                TargetNodes.Append(parent, row.Leaf, item);
                made[row.LeafNode] = item;
                return true;
            default:
                TargetNodes.Append(parent, row.Leaf, mapped.Value);
                AppendSibling(parent, row.Leaf, mapped.Sibling);
                return true;
        }
    }

    private static void AppendSibling(JsonObject parent, string name, JsonObject? sibling)
    {
        if (sibling is null)
        {
            return;
        }

        var values = (JsonArray)parent[name]!;
        if (parent["_" + name] is not JsonArray siblings)
        {
            parent["_" + name] = siblings = [];
        }

        while (siblings.Count < values.Count - 1)
        {
            siblings.Add(null);
        }

        siblings.Add(sibling);
    }

    // The two quotes: the element goes, unless another field of this message fills it.
    private static void Delete(FieldRows rows, Hl7Segment segment, ResourceDraft draft, MessageScope scope)
    {
        scope.Use.Read(segment, rows.Field);
        if (draft.Mode != TranslationMode.Merge)
        {
            return;
        }

        foreach (var row in rows.Values)
        {
            if (row.DeletesUrl is { } url && (row.When is null || row.When(segment, scope)))
            {
                draft.Remove($"extension/{url}");
            }

            if (row.Deletes is not { } element || (row.When is not null && !row.When(segment, scope)))
            {
                continue;
            }

            if (row.DeletesHalf is { } half)
            {
                if (draft.Content[element] is not JsonObject period)
                {
                    draft.Content[element] = period = [];
                }

                period[half] = null;
            }
            else if (!draft.Content.ContainsKey(element))
            {
                draft.Content[element] = null;
            }
        }
    }
}
