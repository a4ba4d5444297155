using DisruptorStream.Events;

namespace DisruptorStream.State.Panes;

/// <summary>Where a shard's stores put their panes; keeps them in the documented order.</summary>
/// <remarks>
/// What a watermark fires comes out in order by itself and goes straight through. What single events or clock ticks
/// fire at the same slot, or while an earlier firing is still under way, is staged and merged in where it belongs.
/// </remarks>
internal abstract class PaneOutput
{
    private readonly int _width;
    private readonly PaneFilter? _filter;
    private ResultHeader[] _stagedHeaders = new ResultHeader[64];
    private long[] _stagedValues;
    private int[] _order = new int[64];
    private int _stagedCount;
    private int _flushed;

    /// <param name="width">The most values of a row.</param>
    /// <param name="filter">Says which panes are shown; null for all.</param>
    protected PaneOutput(int width, PaneFilter? filter = null)
    {
        _width = width;
        _filter = filter;
        _stagedValues = new long[64 * width];
    }

    /// <summary>
    /// Whether all rows are staged: several events are decided on at one slot, each of which may fire something, and
    /// their rows come in the order of the slot's.
    /// </summary>
    public bool StagesAll { get; set; }

    /// <summary>Rows that wait for an earlier firing to end.</summary>
    public int StagedCount => _stagedCount - _flushed;

    /// <summary>The sequence of the first of them; long.MaxValue where there is none.</summary>
    public long StagedSequence => _flushed == _stagedCount ? long.MaxValue : _stagedHeaders[_order[_flushed]].Sequence;

    /// <summary>Writes a row of a firing in order, after any staged row that precedes it.</summary>
    public void Write(in ResultHeader header, ReadOnlySpan<long> values)
    {
        if (StagesAll)
        {
            Stage(header, values);
            return;
        }

        if (_flushed != _stagedCount)
            FlushStagedBefore(header);
        Show(header, values);
    }

    /// <summary>Writes the panes of a firing in order, after any staged rows that precede them.</summary>
    public void Write(PaneGroup panes)
    {
        if (_flushed == _stagedCount && !StagesAll)
        {
            _filter?.Keep(panes);
            Emit(panes);
            return;
        }

        for (var pane = 0; pane < panes.Count; pane++)
            Write(panes.HeaderOf(pane), panes.ValuesOf(pane));
    }

    /// <summary>Stages a row, to be written in its place.</summary>
    public void Stage(in ResultHeader header, ReadOnlySpan<long> values)
    {
        if (_stagedCount == _stagedHeaders.Length)
            Grow();
        var row = _stagedCount++;
        _stagedHeaders[row] = header;
        values.CopyTo(_stagedValues.AsSpan(row * _width, _width));
        var place = PlaceOf(header, row);
        Array.Copy(_order, place, _order, place + 1, row - place);
        _order[place] = row;
    }

    /// <summary>Writes all that is staged. Call when no firing is under way.</summary>
    public void FlushStaged()
    {
        for (; _flushed < _stagedCount; _flushed++)
            EmitStaged(_order[_flushed]);
        _flushed = 0;
        _stagedCount = 0;
    }

    /// <summary>Stages the events of a run as dropped.</summary>
    public unsafe void StageDropped(in EventView events, DropReason reason, int measureCount)
    {
        Span<long> measures = stackalloc long[_width];
        measures.Clear();
        for (var i = 0; i < events.Count; i++)
        {
            ref readonly var slot = ref events.Slots[i];
            measures[0] = slot.Measure;
            for (var m = 1; m < measureCount; m++)
                measures[m] = events.FurtherMeasures[(i * events.FurtherMeasureCount) + m - 1];
            var header = new ResultHeader
            {
                Sequence = events.CauseOf(i),
                StartTicks = slot.TimestampTicks,
                EndTicks = events.SequenceOf(i),
                OrderStartTicks = slot.TimestampTicks,
                OrderEndTicks = long.MinValue,
                KeyId = slot.KeyId,
                FailureIndex = -1,
                Flags = ResultFlags.Dropped,
                Reason = reason,
            };
            Stage(header, measures);
        }
    }

    /// <summary>Behind all staged rows that are not after it: behind the last of them, as a rule.</summary>
    private int PlaceOf(in ResultHeader header, int end)
    {
        var (low, high) = (_flushed, end);
        var middle = end - 1;
        while (low < high)
        {
            if (ResultHeader.Compare(header, _stagedHeaders[_order[middle]]) < 0)
                high = middle;
            else
                low = middle + 1;
            middle = (low + high) >>> 1;
        }

        return low;
    }

    protected abstract void Emit(in ResultHeader header, ReadOnlySpan<long> values);

    protected virtual void Emit(PaneGroup panes)
    {
        for (var pane = 0; pane < panes.Count; pane++)
            Emit(panes.HeaderOf(pane), panes.ValuesOf(pane));
    }

    private void Show(in ResultHeader header, ReadOnlySpan<long> values)
    {
        if (_filter is null || _filter.Shows(header, values))
            Emit(header, values);
    }

    private void FlushStagedBefore(in ResultHeader header)
    {
        while (_flushed < _stagedCount && ResultHeader.Compare(_stagedHeaders[_order[_flushed]], header) < 0)
        {
            EmitStaged(_order[_flushed]);
            _flushed++;
        }

        if (_flushed != _stagedCount)
            return;
        _flushed = 0;
        _stagedCount = 0;
    }

    // Its place is given up afterwards: while it waits for room, it is the first row that is not complete.
    private void EmitStaged(int row) => Show(_stagedHeaders[row], _stagedValues.AsSpan(row * _width, _width));

    private void Grow()
    {
        Array.Resize(ref _stagedHeaders, _stagedHeaders.Length * 2);
        Array.Resize(ref _stagedValues, _stagedValues.Length * 2);
        Array.Resize(ref _order, _order.Length * 2);
    }
}
