using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Pipeline.Assignment;

/// <summary>Judges one slot after the other by the rules alone, and holds the runs against that.</summary>
internal sealed class SlicedModel
{
    private readonly SliceGrid _grid;
    private readonly AssignmentRules _rules;
    private readonly WatermarkTracker _tracker;
    private readonly SortedSet<long> _open = [];
    private long _clock = long.MinValue;
    private long _watermark = long.MinValue;
    private bool _ended;

    private SlicedModel(SliceGrid grid, AssignmentRules rules)
    {
        _grid = grid;
        _rules = rules;
        _tracker = new WatermarkTracker(rules.MaxOutOfOrdernessTicks, -1);
    }

    public static void Check(SliceGrid grid, AssignmentRules rules, EventSlot[] slots, int batch)
    {
        var model = new SlicedModel(grid, rules);
        var stage = new AssignedSlots(grid, rules);
        var told = long.MinValue;
        for (var at = 0; at < slots.Length; at += batch)
        {
            stage.Take(slots[at..Math.Min(at + batch, slots.Length)]);
            var next = (long)at;
            foreach (ref readonly var run in stage.Runs)
            {
                if (run.Kind == RunKind.Watermark)
                {
                    // Told after the event of the same slot, whose effect the model knows by then.
                    if (run.FirstSequence >= next)
                        model.Control(slots[next++]);
                    Assert.Equal(model._watermark, run.WatermarkTicks);
                    told = run.WatermarkTicks;
                    model.Close();
                    continue;
                }

                // Behind a tick that moved nothing.
                if (run.Kind == RunKind.Pass && run.FirstSequence == next - 1)
                    continue;
                Assert.Equal(next, run.FirstSequence);
                for (var left = run.Count; left > 0; left--)
                    model.CheckSlot(slots[next++], run, told);
            }

            Assert.Equal(Math.Min(at + batch, slots.Length), next);
            Assert.Equal(model._watermark, stage.Stage.WatermarkTicks);
        }
    }

    private void CheckSlot(in EventSlot slot, in EventRun run, long told)
    {
        if (slot.Kind != SlotKind.Event)
        {
            Control(slot);
            return;
        }

        // What fires has been told before the event is judged.
        Assert.Equal(_grid.FirstWindowEndingAfter(told), _grid.FirstWindowEndingAfter(_watermark));
        Assert.Equal(run.SteadyTicks, _clock);
        var (kind, reason) = Judge(slot, out var slice);
        Assert.Equal(kind, run.Kind);
        Assert.Equal(reason, run.Reason);
        if (kind == RunKind.Events)
            Assert.Equal(slice, run.HasOlder && slot.TimestampTicks < run.SliceStartTicks ? run.Slice - 1 : run.Slice);
        if (run.HasOlder)
            Assert.True(_watermark < _grid.WindowEnd(_grid.FirstWindowOf(run.Slice - 1)));
        Move(slot);
    }

    private (RunKind Kind, DropReason Reason) Judge(in EventSlot slot, out long slice)
    {
        slice = 0;
        if (_ended)
            return (RunKind.Dropped, DropReason.AfterEnd);
        var time = _rules.ProcessingTime ? Math.Max(slot.TimestampTicks, _watermark) : slot.TimestampTicks;
        Assert.True(_grid.TryLocate(time, out slice));
        if (_grid.IsHole(slice))
            return (RunKind.Pass, DropReason.None);
        if (_watermark >= _grid.LastEndOf(slice) + _rules.AllowedLatenessTicks)
            return (RunKind.Dropped, DropReason.Late);
        if (!_open.Contains(slice) && _open.Count >= _rules.MaxSlices)
            return (RunKind.Dropped, DropReason.SliceLimit);
        _open.Add(slice);
        return (RunKind.Events, DropReason.None);
    }

    private void Move(in EventSlot slot)
    {
        if (_ended)
            return;
        if (_rules.ProcessingTime)
        {
            _watermark = Math.Max(_watermark, slot.TimestampTicks);
            return;
        }

        _tracker.OnEvents(slot.SourceId, slot.TimestampTicks, _clock);
        _watermark = _tracker.WatermarkTicks;
    }

    private void Close() =>
        _open.RemoveWhere(slice => _watermark >= _grid.LastEndOf(slice) + _rules.AllowedLatenessTicks);

    private void Control(in EventSlot slot)
    {
        switch (slot.Kind)
        {
            case SlotKind.Tick:
                _clock = Math.Max(_clock, slot.Measure);
                if (!_rules.ProcessingTime)
                    _tracker.OnClock(_clock);
                else if (!_ended)
                    _watermark = Math.Max(_watermark, slot.TimestampTicks);
                break;
            case SlotKind.SourceWatermark:
                _tracker.OnWatermark(slot.SourceId, slot.TimestampTicks, _clock);
                break;
            case SlotKind.SourceIdle:
                _tracker.MarkIdle(slot.SourceId);
                break;
            case SlotKind.SourceRemoved:
                _tracker.Remove(slot.SourceId);
                break;
            case SlotKind.SourceRegistered:
                _tracker.Register(slot.SourceId, _clock);
                break;
            case SlotKind.SourceCompleted:
                _tracker.Complete(slot.SourceId);
                break;
        }

        _ended |= _rules.ProcessingTime && _tracker.AllCompleted && slot.Kind == SlotKind.SourceCompleted;
        if (!_rules.ProcessingTime)
            _watermark = Math.Max(_watermark, _tracker.WatermarkTicks);
        if (_ended)
            _watermark = long.MaxValue;
        _ended |= _watermark == long.MaxValue;
    }
}
