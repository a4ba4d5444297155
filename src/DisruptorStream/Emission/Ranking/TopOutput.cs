using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Saving;
using DisruptorStream.State;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Emission.Ranking;

/// <summary>Shows the best panes of each window and group, as lists, instead of all panes.</summary>
/// <remarks>
/// <para>
/// The emitting thread owns it. Panes of one window that one slot has caused come together, as rows come in result
/// order; a list goes out once a row of something else comes, or once all rows of the slot are known to have come.
/// </para>
/// <para>
/// The keys of kept panes keep their ids: the stores hold a key for as long as a late event may reach a window that it
/// has a pane of, which is for how long panes are kept.
/// </para>
/// </remarks>
internal sealed class TopOutput : ResultOutput
{
    private readonly ResultOutput _output;
    private readonly Func<TopWindow> _newWindow;
    private readonly Func<int, FailureLog> _failures;
    private readonly long _latenessTicks;
    private readonly SortedDeque<TopWindow> _kept = new();
    private readonly Stack<TopWindow> _free = new();
    private ProgressMark _progress;
    private TopWindow? _current;
    private long _sequence;
    private long _taken;
    private long _unlisted;

    /// <param name="output">Where lists go, and all that is no pane.</param>
    /// <param name="newWindow">Makes an empty window.</param>
    /// <param name="failures">What user code threw in the windows of a key.</param>
    /// <param name="latenessTicks">How long after its end a window may still get panes.</param>
    /// <param name="watermarks">Which watermark results have come to.</param>
    /// <param name="firstSequence">The first sequence of which there can be rows.</param>
    public TopOutput(
        ResultOutput output,
        Func<TopWindow> newWindow,
        Func<int, FailureLog> failures,
        long latenessTicks,
        WatermarkProgress watermarks,
        long firstSequence)
    {
        _output = output;
        _newWindow = newWindow;
        _failures = failures;
        _latenessTicks = latenessTicks;
        _progress = new ProgressMark(watermarks, firstSequence - 1);
    }

    /// <summary>Windows whose panes are kept.</summary>
    public int KeptCount => _kept.Count;

    /// <summary>
    /// How many more panes were ranked than rows were shown: panes that are in no list. Below zero where late panes
    /// have shown lists again. Any thread.
    /// </summary>
    public long UnlistedPanes => Volatile.Read(ref _unlisted);

    /// <inheritdoc/>
    public override void Add(in ResultHeader header, ReadOnlySpan<long> values)
    {
        if ((header.Flags & (ResultFlags.Dropped | ResultFlags.KeyReleased)) != ResultFlags.None)
        {
            Complete();
            _output.Add(in header, values);
            return;
        }

        WindowOf(in header).Put(header.KeyId, header.FailureIndex, header.Flags, header.Timing, values);
        _taken++;
    }

    /// <inheritdoc/>
    public override void Add(PaneGroup panes)
    {
        if (!panes.SharesHeader)
        {
            base.Add(panes);
            return;
        }

        ref readonly var header = ref panes.Headers[0];
        var window = WindowOf(in header);
        _taken += panes.Count;
        for (var pane = 0; pane < panes.Count; pane++)
        {
            window.Put(
                panes.KeyIds[pane],
                panes.FailureIndexes[pane],
                header.Flags,
                header.Timing,
                panes.ValuesOf(pane));
        }
    }

    /// <inheritdoc/>
    public override void Flush() => _output.Flush();

    /// <inheritdoc/>
    public override void Advance(long sequence)
    {
        if (_current is not null && _sequence <= sequence)
        {
            Complete();
            _output.Flush();
        }

        var hasMoved = false;
        while (_progress.MoveTo(sequence))
            hasMoved = true;
        if (hasMoved)
            ForgetExpired(_progress.WatermarkTicks);
        _output.Advance(sequence);
    }

    /// <inheritdoc/>
    public override void FlushSinks(long sequence) => _output.FlushSinks(sequence);

    /// <summary>Writes the panes that are kept. On the emitting thread, or while it waits, after all lists.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="watermarkTicks">The watermark: what it expires is not kept.</param>
    public void Save(StateWriter writer, long watermarkTicks)
    {
        Invariant.Require(_current is null, "All lists are out before the state is saved.");
        ForgetExpired(watermarkTicks);
        writer.Begin(SectionTag.RankedPanes, 2);
        writer.WriteInt64(_unlisted);
        writer.WriteCount(_kept.Count);
        for (var window = 0; window < _kept.Count; window++)
            _kept[window].Save(writer, _failures);
        writer.End();
    }

    /// <summary>Keeps the panes that were saved. Before the first row.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader)
    {
        if (reader.Begin(SectionTag.RankedPanes, 2) > 1)
            Volatile.Write(ref _unlisted, reader.ReadInt64());
        for (var left = reader.ReadCount(2 * sizeof(long), "windows with panes"); left > 0; left--)
        {
            var window = Take();
            window.Load(reader, _failures);
            if (_kept.Count > 0 && _kept[_kept.Count - 1].EndTicks >= window.EndTicks)
                throw reader.Invalid("the windows are not in their order");
            _kept.Insert(_kept.Count, window.EndTicks, window);
        }

        reader.End();
    }

    private TopWindow WindowOf(in ResultHeader header)
    {
        if (_current is { } current)
        {
            if (_sequence == header.Sequence && current.EndTicks == header.EndTicks)
                return current;
            Complete();
        }

        _sequence = header.Sequence;
        return _current = Find(in header);
    }

    private TopWindow Find(in ResultHeader header)
    {
        var place = _kept.IndexOf(header.EndTicks);
        if (place >= 0)
            return _kept[place];
        var window = Take();
        window.Reset(header.StartTicks, header.EndTicks);
        if (_latenessTicks > 0)
            _kept.Insert(~place, header.EndTicks, window);
        return window;
    }

    private TopWindow Take() => _free.Count > 0 ? _free.Pop() : _newWindow();

    /// <summary>All panes of the window that the slot has caused have come.</summary>
    private void Complete()
    {
        if (_current is not { } window)
            return;
        _current = null;
        var taken = _taken;
        _taken = 0;

        // Pairs with the read of those who ask for statistics.
        Volatile.Write(ref _unlisted, _unlisted + taken - window.Emit(_output, _sequence));
        if (_latenessTicks == 0)
            _free.Push(window);
    }

    private void ForgetExpired(long watermarkTicks)
    {
        while (_kept.Count > 0 && watermarkTicks >= TickMath.SaturatingAdd(_kept.KeyAt(0), _latenessTicks))
            _free.Push(_kept.RemoveFirst());
    }
}
