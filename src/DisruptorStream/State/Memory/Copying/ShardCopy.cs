namespace DisruptorStream.State.Memory.Copying;

/// <summary>Copies the tables of a shard as they were at one slot, a few pages at a time.</summary>
/// <remarks>
/// The thread that owns the shard uses it, but where it says otherwise. Between two copies it costs nothing but the
/// look whether there is one.
/// </remarks>
internal sealed class ShardCopy
{
    /// <summary>What is copied at once between two batches, in bytes.</summary>
    public const int StepBytes = 16 * 1024;

    private readonly List<(KeyedTable Table, FrozenTable Frozen)> _tables = [];
    private StateCut? _cut;
    private int _next;

    /// <summary>Whether a copy is under way.</summary>
    public bool IsActive => _cut is not null;

    /// <summary>Whether nobody needs the copies any more.</summary>
    public bool IsAbandoned => _cut!.IsAbandoned;

    /// <summary>Where copies go.</summary>
    public CopyLog Log => Store!.Log;

    /// <summary>Has the copies. For the thread that writes.</summary>
    public CopyStore? Store { get; private set; }

    /// <summary>Copies records that are more than their bytes.</summary>
    public PageCapture Capture { get; } = new();

    /// <summary>Has its thread go on, where that waits. Any thread.</summary>
    public Action Wake { get; set; } = static () => { };

    /// <summary>Whether there is room for another page.</summary>
    public bool HasRoom => Log.HasRoom;

    /// <summary>A copy begins: tables are frozen next. While no stage moves.</summary>
    public void Begin(StateCut cut, CopyStore store)
    {
        Thaw();
        _cut = cut;
        Store = store;
    }

    /// <summary>A table is to be copied as it is now.</summary>
    public FrozenTable Freeze(KeyedTable table, RecordFormat format)
    {
        var frozen = new FrozenTable(table, format, this, _tables.Count);
        _tables.Add((table, frozen));
        table.Freeze(frozen);
        return frozen;
    }

    /// <summary>Copies some pages. Returns whether there is more that can be copied at once.</summary>
    public bool Step()
    {
        if (_cut is null)
            return false;
        var budget = StepBytes;
        for (; _next < _tables.Count && !IsAbandoned; _next++)
        {
            var (table, frozen) = _tables[_next];
            if (!frozen.TryCopy(ref budget))
                return HasRoom;
            table.Thaw(frozen);
        }

        Log.Close();
        Capture.Dispose();
        Thaw();
        return false;
    }

    /// <summary>Tables are as they were before.</summary>
    private void Thaw()
    {
        foreach (var (table, frozen) in _tables)
            table.Thaw(frozen);
        _tables.Clear();
        _next = 0;
        _cut = null;
    }
}
