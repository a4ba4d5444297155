using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.Plans;
using DisruptorStream.State.Accumulators.Values;
using DisruptorStream.State.Kept;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline;

/// <summary>
/// The panes of a query on their way to another one, whose events they are: those on time, and late ones where these
/// are asked for, in their order.
/// </summary>
/// <remarks>
/// One thread owns it. All of a batch are taken before the next one. Where late ones come, each pane brings along which
/// window and key it is of (<see cref="PaneOrigin"/>).
/// </remarks>
internal sealed unsafe class PaneFeed
{
    private readonly PaneInputPlan _panes;
    private readonly Func<int, int> _keyOf;
    private readonly bool[] _isNullable;
    private readonly int _words;
    private EventSlot[] _slots;
    private long[] _further;
    private long[] _sequences;
    private int _count;
    private int _taken;

    /// <param name="metrics">What a pane shows: the measures of the events.</param>
    /// <param name="panes">Which panes are read.</param>
    /// <param name="keyOf">The key of the reading query for a key of the other one.</param>
    public PaneFeed(IReadOnlyList<MetricDefinition> metrics, PaneInputPlan panes, Func<int, int> keyOf)
    {
        const int FirstCapacity = 256;
        _panes = panes;
        _keyOf = keyOf;
        _isNullable = new bool[metrics.Count];
        for (var metric = 0; metric < _isNullable.Length; metric++)
            _isNullable[metric] = metrics[metric].ResultType == MeasureType.Double && !metrics[metric].IsCount;
        _words = metrics.Count - 1 + (panes.IncludesLate ? PaneOrigin.Words : 0);
        _slots = GC.AllocateUninitializedArray<EventSlot>(FirstCapacity, pinned: true);
        _further = GC.AllocateUninitializedArray<long>(FirstCapacity * Math.Max(1, _words), pinned: true);
        _sequences = GC.AllocateUninitializedArray<long>(FirstCapacity, pinned: true);
    }

    /// <summary>The sequence of the first pane that has not been taken; long.MaxValue for none.</summary>
    public long NextSequence => _taken < _count ? _sequences[_taken] : long.MaxValue;

    /// <summary>Adds a pane, if it is one that is read.</summary>
    public void Add(in ResultHeader header, ReadOnlySpan<long> values)
    {
        if (!IsRead(in header))
            return;
        if (_count == _slots.Length)
            Grow();
        var width = _isNullable.Length;
        var words = _further.AsSpan(_count * _words, _words);
        _slots[_count] = new EventSlot
        {
            TimestampTicks = header.EndTicks - 1,
            Measure = values[0],
            KeyId = _keyOf(header.KeyId),
        };
        values[1..width].CopyTo(words);
        if ((header.Flags & ResultFlags.NoValues) != ResultFlags.None)
            WriteNulls(ref _slots[_count].Measure, words);
        if (_panes.IncludesLate)
            (words[width - 1], words[width]) = (header.StartTicks, header.KeyId);
        _sequences[_count++] = header.Sequence;
    }

    /// <summary>Takes panes of one sequence and one time off the front, as events.</summary>
    public EventView Take()
    {
        var first = _taken;
        while (_taken < _count
            && _sequences[_taken] == _sequences[first]
            && _slots[_taken].TimestampTicks == _slots[first].TimestampTicks)
        {
            _taken++;
        }

        // The arrays are pinned, and stay until the next pane is added.
        fixed (EventSlot* slots = _slots)
        fixed (long* words = _further)
        fixed (long* sequences = _sequences)
        {
            return new EventView(
                slots + first,
                words + ((long)first * _words),
                _words,
                sequences[first],
                _taken - first,
                sequences + first);
        }
    }

    /// <summary>Forgets what was taken: all of it.</summary>
    public void Clear()
    {
        _count = 0;
        _taken = 0;
    }

    private bool IsRead(in ResultHeader header)
    {
        const ResultFlags NoPane = ResultFlags.Dropped | ResultFlags.KeyReleased;
        if ((header.Flags & NoPane) != ResultFlags.None)
            return false;
        var isInTime = header.Timing == PaneTiming.OnTime || (_panes.IncludesLate && header.Timing == PaneTiming.Late);
        return isInTime && (_panes.SizeTicks == 0 || header.EndTicks - header.StartTicks == _panes.SizeTicks);
    }

    /// <summary>Of a window without events all but counts is null, which a double can say.</summary>
    private void WriteNulls(ref long first, Span<long> further)
    {
        if (_isNullable[0])
            first = MetricBits.NaN;
        for (var metric = 1; metric < _isNullable.Length; metric++)
        {
            if (_isNullable[metric])
                further[metric - 1] = MetricBits.NaN;
        }
    }

    private void Grow()
    {
        _slots = Longer(_slots);
        _further = Longer(_further);
        _sequences = Longer(_sequences);
    }

    private static T[] Longer<T>(T[] array)
    {
        var longer = GC.AllocateUninitializedArray<T>(array.Length * 2, pinned: true);
        array.CopyTo(longer.AsSpan());
        return longer;
    }
}
