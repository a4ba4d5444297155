using DisruptorStream.State.Keys;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Emission.Views;

/// <summary>The newest list of each group that has rows in the view.</summary>
/// <remarks>The emitting thread owns it. Allocates only where there are more groups than ever before.</remarks>
internal sealed class LatestLists<TKey>
{
    private readonly Dictionary<(UInt128, long), LatestList<TKey>> _lists = [];
    private readonly Stack<LatestList<TKey>> _free = new();
    private readonly IKeyGroups? _groups;
    private readonly bool _perWindowLength;

    /// <param name="groups">Which keys are a group; null where all are one.</param>
    /// <param name="perWindowLength">Whether windows of each length have lists of their own.</param>
    public LatestLists(IKeyGroups? groups, bool perWindowLength)
    {
        _groups = groups;
        _perWindowLength = perWindowLength;
    }

    /// <summary>The newest list of the group of a row, which holds it until <see cref="Release"/>.</summary>
    public LatestList<TKey> Hold(in ResultHeader header)
    {
        var length = _perWindowLength ? header.EndTicks - header.StartTicks : 0;
        var name = (_groups?.GroupOf(header.KeyId) ?? UInt128.Zero, length);
        if (!_lists.TryGetValue(name, out var list))
        {
            list = _free.Count > 0 ? _free.Pop() : new LatestList<TKey>();
            (list.Name, list.EndTicks) = (name, header.EndTicks);
            _lists.Add(name, list);
        }

        list.ShownRows++;
        return list;
    }

    /// <summary>A row of a list has gone; with the last one the list is forgotten.</summary>
    public void Release(LatestList<TKey> list)
    {
        if (--list.ShownRows > 0)
            return;
        _lists.Remove(list.Name);
        list.Keys.Clear();
        _free.Push(list);
    }
}
