using DisruptorStream.Events;
using DisruptorStream.State.Firing;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Slices;

/// <content>Panes of another query that are kept, so that a later one can take the place of one before it.</content>
internal sealed unsafe partial class SliceStore
{
    /// <summary>Folds panes in; those that take the place of others have their slice folded anew.</summary>
    private void TakePanes(in EventView panes, in EventRun run)
    {
        var taken = 0;
        for (var pane = 0; pane < panes.Count; pane++)
        {
            if (!_kept!.Put(panes, pane, run.Slice))
                continue;
            if (pane > taken)
                Take(panes.Slice(taken, pane - taken), run);
            FoldAnew(panes.Slice(pane, 1), run);
            taken = pane + 1;
        }

        if (taken < panes.Count)
            Take(panes.Slice(taken, panes.Count - taken), run);
    }

    /// <summary>
    /// Makes the record of a key in a slice anew of all its panes, as one of them has changed; to the windows that are
    /// complete that is one late event.
    /// </summary>
    private void FoldAnew(in EventView changed, in EventRun run)
    {
        var keyId = changed.Slots->KeyId;
        var probe = new AbortProbe(Abort);
        var isLate = IsLate(run, out var firstLate, out var lastLate);
        if (isLate)
            OpenLate(keyId, run.Slice, firstLate, lastLate, ref probe);
        var record = TableOf(run.Slice).GetOrAdd(keyId);
        _plan.Reset(record);
        var all = _kept!.Of(run.Slice, keyId);
        for (var start = 0; start < all.Count; start += MaxRun)
        {
            var some = all.Slice(start, Math.Min(MaxRun, all.Count - start));
            new Span<nint>(_records, some.Count).Fill((nint)record);
            _plan.AccumulateOne(some, _records);
        }

        if (_folds.MayCover(run.Slice))
            _folds.Invalidate(run.Slice, keyId);
        if (isLate)
            ShowLate(changed, run, firstLate, lastLate, ref probe);
    }

    /// <summary>Whether some windows of a slice are complete and have not expired, and which.</summary>
    private bool IsLate(in EventRun run, out long first, out long last)
    {
        var firstOpen = _grid.FirstWindowEndingAfter(run.WatermarkTicks);
        var firstUnexpired = _latenessTicks == 0
            ? firstOpen
            : _grid.FirstWindowEndingAfter(TickMath.SaturatingSubtract(run.WatermarkTicks, _latenessTicks));
        first = Math.Max(_grid.FirstWindowOf(run.Slice), firstUnexpired);
        last = Math.Min(firstOpen - 1, _grid.LastWindowOf(run.Slice));
        return first < firstOpen;
    }

    private void OpenLate(int keyId, long slice, long firstLate, long lastLate, ref AbortProbe probe)
    {
        for (var window = firstLate; window <= lastLate; window++)
        {
            probe.Step();
            if (HasWindow(window, keyId, slice))
                _late.Open(this, window, keyId);
        }
    }

    private void ShowLate(
        in EventView one, in EventRun run, long firstLate, long lastLate, ref AbortProbe probe)
    {
        for (var window = firstLate; window <= lastLate; window++)
        {
            probe.Step();
            if (HasWindow(window, one.Slots->KeyId, run.Slice))
                _late.OnEvent(this, window, one, run.SteadyTicks);
        }
    }

    /// <summary>Whether a key has a window once it has an event of a slice.</summary>
    private bool HasWindow(long window, int keyId, long slice)
    {
        if (!FollowsNewest)
            return true;
        var newest = _grid.EndSliceOf(window) - 1;
        return newest == slice || _slices.Find(newest)?.Contains(keyId) == true;
    }
}
