using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Structures;

/// <summary>
/// Puts segments into groups, one after the other. A segment goes to the next place of the structure that may hold it: the innermost
/// open group first, first without leaving out anything required, then leaving it out. What has no place ahead but one behind is out of order
/// or one too many; what has none at all does not belong to the structure. NTE, PRT and their like, and local segments (Z..), are at
/// home behind any segment.
/// </summary>
internal sealed class GroupParser
{
    private static readonly int[] Anywhere = [.. new[] { "NTE", "PRT", "ARV", "ROL", "CTD", "CON", "OH1", "OH2", "OH3", "OH4", "IAR", "ADD", "DSC", "ERR", "SFT" }.Select(static n => SegmentName.Pack(n))];

    private readonly MessageGroups _message;
    private readonly List<Frame> _open = [];
    private List<Hl7Error>? _deviations;

    private GroupParser(MessageGroups message) => _message = message;

    public static void Run(MessageGroups message, MessageStructure? structure)
    {
        var parser = new GroupParser(message);
        message.Root = new SegmentGroup(message, structure?.Root ?? new StructureNode("", isRequired: true, repeats: false, []), null, 0);
        parser._open.Add(new Frame(message.Root));
        for (var i = 0; i < message.Message.SegmentCount; i++)
        {
            parser.Place(i, structure is not null);
        }

        if (structure is not null)
        {
            parser.CloseTo(-1);
        }

        message.Deviations = parser._deviations is null ? [] : [.. parser._deviations];
    }

    private void Place(int segment, bool isKnown)
    {
        var name = _message.Message.Span(segment).Name;
        if (!isKnown || (name >> 16) == 'Z')
        {
            Put(segment);
        }
        else if (!IsNext(segment, name) && !IsAtHomeAnywhere(segment, name) && !IsHeldByAnOpenGroup(segment, name))
        {
            Report(segment, $"a segment of {_message.Structure!.Name}");
            Put(segment);
        }
    }

    // Without leaving out anything required: the place at the cursor or after it, in the innermost open group, else in those around it.
    private bool IsNext(int segment, int name)
    {
        for (var depth = _open.Count - 1; depth >= 0; depth--)
        {
            var frame = _open[depth];
            var children = frame.Group.Node.Children!;
            for (var i = Math.Max(0, frame.At); i < children.Length; i++)
            {
                var child = children[i];
                if ((i > frame.At || (child.Repeats && !IsWaitedForIn(depth + 1, name))) && Array.IndexOf(child.Starts, name) >= 0)
                {
                    CloseTo(depth);
                    Enter(segment, name, i, isStrict: true);
                    return true;
                }

                if (child.IsRequired && !frame.Has(i))
                {
                    break;
                }
            }
        }

        return false;
    }

    // The group has begun without the segment that it needs: it does not begin anew with it.
    private bool IsWaitedForIn(int depth, int name)
    {
        if (depth >= _open.Count)
        {
            return false;
        }

        var frame = _open[depth];
        var child = Array.FindIndex(frame.Group.Node.Children!, c => c.Children is null && Array.IndexOf(c.Starts, name) >= 0);
        return child >= 0 && frame.Group.Node.Children![child].IsRequired && !frame.Has(child);
    }

    // What is required may be missing: ahead in the innermost open group that may hold the segment, else behind in it; but where it
    // stands there already and only once, a group around it begins anew or goes on.
    private bool IsHeldByAnOpenGroup(int segment, int name)
    {
        var holder = _open.FindLastIndex(f => Array.IndexOf(f.Group.Node.Holds, name) >= 0);
        if (holder < 0)
        {
            return false;
        }

        if (IsAhead(segment, name, holder, _open[holder].At + 1))
        {
            return true;
        }

        var frame = _open[holder];
        var child = Array.FindIndex(frame.Group.Node.Children!, c => Array.IndexOf(c.Holds, name) >= 0);
        var isThere = !frame.Group.Node.Children![child].Repeats && IsThere(frame, child, name);
        for (var depth = holder - 1; isThere && depth >= 0; depth--)
        {
            var around = _open[depth];
            if (IsAhead(segment, name, depth, around.Group.Node.Children![around.At].Repeats ? around.At : around.At + 1))
            {
                return true;
            }
        }

        Behind(segment, name, holder, child, isThere);
        return true;
    }

    private bool IsThere(Frame frame, int child, int name)
    {
        var node = frame.Group.Node.Children![child];
        if (node.Children is null || !frame.Has(child))
        {
            return frame.Has(child);
        }

        var group = frame.Group.Groups(node.Name).Last();
        for (var i = group.FirstIndex; i <= group.LastIndex; i++)
        {
            if (_message.Message.Span(i).Name == name)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsAhead(int segment, int name, int depth, int from)
    {
        var child = Array.FindIndex(_open[depth].Group.Node.Children!, from, c => Array.IndexOf(c.Holds, name) >= 0);
        if (child < 0)
        {
            return false;
        }

        CloseTo(depth);
        Enter(segment, name, child, isStrict: false);
        return true;
    }

    // Opens the groups down to the segment's own place.
    private void Enter(int segment, int name, int child, bool isStrict)
    {
        while (true)
        {
            var frame = _open[^1];
            frame.At = child;
            frame.Found |= 1UL << child;
            var node = frame.Group.Node.Children![child];
            if (node.Children is not { } inner)
            {
                Put(segment);
                return;
            }

            _open.Add(new Frame(new SegmentGroup(_message, node, frame.Group, segment)));
            child = Array.FindIndex(inner, c => Array.IndexOf(isStrict ? c.Starts : c.Holds, name) >= 0);
        }
    }

    private bool IsAtHomeAnywhere(int segment, int name)
    {
        if (Array.IndexOf(Anywhere, name) < 0)
        {
            return false;
        }

        Put(segment);
        return true;
    }

    private void Behind(int segment, int name, int depth, int child, bool isThere)
    {
        var frame = _open[depth];
        var node = frame.Group.Node.Children![child];
        Report(segment, isThere && node.Children is null ? "one segment of this name here" : "another order of segments");
        if (node is { Children: not null, Repeats: true } && Array.IndexOf(node.Starts, name) >= 0)
        {
            CloseTo(depth);
            Enter(segment, name, child, isStrict: true);
            return;
        }

        if (node.Children is null)
        {
            frame.Found |= 1UL << child;
        }

        _message.Put(segment, Holder(frame.Group, name));
    }

    // The last of the groups inside that may hold the segment itself.
    private static SegmentGroup Holder(SegmentGroup group, int name)
    {
        while (group.Groups().LastOrDefault(g => Array.IndexOf(g.Node.Holds, name) >= 0) is { } inner
            && !group.Node.Children!.Any(c => c.Children is null && Array.IndexOf(c.Starts, name) >= 0))
        {
            group = inner;
        }

        return group;
    }

    private void Put(int segment) => _message.Put(segment, _open[^1].Group);

    // Closes the groups inside the one at a depth, naming what they lack.
    private void CloseTo(int depth)
    {
        while (_open.Count > depth + 1)
        {
            var frame = _open[^1];
            _open.RemoveAt(_open.Count - 1);
            var children = frame.Group.Node.Children!;
            for (var i = 0; i < children.Length; i++)
            {
                if (children[i].IsRequired && !frame.Has(i))
                {
                    Missing(frame.Group, children[i]);
                }
            }
        }
    }

    private void Missing(SegmentGroup group, StructureNode node)
    {
        var what = node.Children is null ? node.Name.Replace("|", " or ", StringComparison.Ordinal) : node.Name;
        Report(
            group.FirstIndex,
            group.Parent is null ? $"{what} in {_message.Structure!.Name}" : $"{what} in the group {group.Name} that begins here",
            Hl7Severity.Information);
    }

    private void Report(int segment, string rule, Hl7Severity severity = Hl7Severity.Warning) =>
        (_deviations ??= []).Add(new Hl7Error(Table0357.SegmentSequence, severity, _message.Message[segment].Location, rule));

    private sealed class Frame(SegmentGroup group)
    {
        public SegmentGroup Group { get; } = group;

        public int At { get; set; } = -1;

        public ulong Found { get; set; }

        public bool Has(int child) => (Found & (1UL << child)) != 0;
    }
}
