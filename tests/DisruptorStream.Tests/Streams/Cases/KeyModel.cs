using DisruptorStream.Events;

namespace DisruptorStream.Tests.Streams.Cases;

/// <summary>Which keys a stream knows: in each column the first ones, up to its limit.</summary>
internal sealed class KeyModel
{
    private readonly HashSet<object>[] _columns = [[], [], [], [], [], [], [], []];
    private readonly int _maxKeys;

    public KeyModel(int maxKeys) => _maxKeys = maxKeys;

    /// <summary>The places of the parts, for keys that are made of others.</summary>
    public static int[][] Parts { get; } = [[0], [1], [2], [3], [0, 1], [1, 2], [0, 2, 3], [0, 1, 2, 3]];

    /// <summary>What becomes of an event's key in each column.</summary>
    /// <param name="one">The event.</param>
    /// <param name="inUse">The columns that are made of others, as far as a query groups by them.</param>
    /// <param name="onNew">Told of each key that is new.</param>
    public DropReason[] Look(in Reading one, IReadOnlySet<int> inUse, Action<int> onNew)
    {
        object?[] single = [one.Text, one.Number, one.Letter, one.Wide];
        var reasons = new DropReason[Parts.Length];
        for (var column = 0; column < Parts.Length; column++)
        {
            var parts = Parts[column];
            if (parts.Length > 1)
            {
                if (!inUse.Contains(column))
                    continue;
                reasons[column] = Worst(parts, reasons);
                if (reasons[column] == DropReason.None)
                    Define(column, string.Join('|', parts.Select(part => single[part])), onNew, out reasons[column]);
            }
            else if (single[column] is { } key)
            {
                Define(column, key, onNew, out reasons[column]);
            }
            else
            {
                reasons[column] = DropReason.NoKey;
            }
        }

        return reasons;
    }

    private static DropReason Worst(int[] parts, DropReason[] reasons)
    {
        if (Array.Exists(parts, part => reasons[part] == DropReason.NoKey))
            return DropReason.NoKey;
        return Array.Exists(parts, part => reasons[part] != DropReason.None) ? DropReason.KeyLimit : DropReason.None;
    }

    private void Define(int column, object key, Action<int> onNew, out DropReason reason)
    {
        var keys = _columns[column];
        reason = DropReason.None;
        if (keys.Contains(key))
            return;
        if (keys.Count == _maxKeys)
        {
            reason = DropReason.KeyLimit;
            return;
        }

        keys.Add(key);
        onNew(column);
    }
}
