using System.Diagnostics;
using System.Runtime.InteropServices;
using DisruptorStream.Events;
using DisruptorStream.Slots;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Assignment;

namespace DisruptorStream.LoadTests.Stages;

/// <summary>
/// Takes events through the stages of an Inline processor as its execution does, and times each stage. One of them may
/// be slowed: it is then waited for as long again as it took.
/// </summary>
/// <remarks>
/// Events are copied into slots first, which is not timed: the stages see them as those of Fused and Staged do. Slots
/// that are no events, such as the end of the input, go the usual way and are not timed either.
/// </remarks>
internal sealed unsafe class StageWatch : ISlotConsumer, IDisposable
{
    private const int SlotCount = 1024;

    private readonly EventSlot* _slots = (EventSlot*)NativeMemory.AlignedAlloc(SlotCount * EventSlot.SizeBytes, 64);
    private readonly ISlotConsumer _execution;
    private readonly GuardedAssignment _assignment;
    private readonly AggregationStage _shard;
    private readonly EmissionStage _emission;
    private readonly PipelineStage? _slowed;
    private readonly RunList _runs = new();
    private readonly StageTimes _times;
    private long _began;
    private long _insideTicks;

    /// <param name="open">A processor that has not been published to yet.</param>
    /// <param name="times">Where the stages' times go.</param>
    /// <param name="slowed">The stage that takes twice as long, if any.</param>
    public StageWatch(OpenProcessor open, StageTimes times, PipelineStage? slowed)
    {
        _times = times;
        var parts = open.Parts;
        _execution = open.Consumer.Stages;
        _assignment = parts.Queries[0].Assignment;
        _shard = parts.Queries[0].Stages[0];
        _emission = parts.Queries[0].Delivery.Emission;
        _slowed = slowed;
        open.Consumer.Current = this;
    }

    /// <summary>Before a call that publishes.</summary>
    public void BeginCall()
    {
        _insideTicks = 0;
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>After it: what the other stages did not take of it is ingest.</summary>
    public void EndCall() => End(PipelineStage.Ingest, _began + _insideTicks);

    public long Deliver() => _execution.Deliver();

    public void FlushSinks() => _execution.FlushSinks();

    public bool TakesEvents() => _execution.TakesEvents();

    public bool HasRoom() => _execution.HasRoom();

    public void Consume(long first, long last) => _execution.Consume(first, last);

    public void ConsumeInPlace(in AcceptedEvents events, long last)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var at = 0; at < events.View.Count; at += SlotCount)
            Handle(Copy(events.View.Slice(at, Math.Min(SlotCount, events.View.Count - at)), events.Source));
        _insideTicks += Stopwatch.GetTimestamp() - begin;
        var next = events.View.FirstSequence + events.View.Count;

        // Also where nothing is left: the slots are given back.
        _execution.Consume(next, last);
    }

    public void Dispose() => NativeMemory.AlignedFree(_slots);

    /// <summary>Events as they lie in a ring.</summary>
    private EventView Copy(in EventView events, ushort source)
    {
        for (var index = 0; index < events.Count; index++)
        {
            _slots[index] = events.Slots[index];
            _slots[index].SetAccepted(events.Slots[index].KeyId, source);
        }

        return new EventView(_slots, null, 0, events.FirstSequence, events.Count);
    }

    private void Handle(in EventView events)
    {
        var begin = Stopwatch.GetTimestamp();
        _runs.Clear();
        _assignment.OnBatch(events, _runs);
        var assigned = End(PipelineStage.Assignment, begin);
        foreach (ref readonly var run in _runs.Runs)
            _shard.OnRun(run, events.Slice((int)(run.FirstSequence - events.FirstSequence), run.Count));
        var aggregated = End(PipelineStage.Aggregation, assigned);
        do
        {
            _shard.Work(int.MaxValue);
            _shard.ReportProgress();
            _emission.Emit();
        }
        while (_shard.HasBacklog);
        End(PipelineStage.Emission, aggregated);
    }

    /// <returns>When the stage ended, in ticks of the stopwatch.</returns>
    private long End(PipelineStage stage, long begin)
    {
        var end = Stopwatch.GetTimestamp();
        if (stage == _slowed)
        {
            for (var until = end + end - begin; end < until; end = Stopwatch.GetTimestamp())
            {
            }
        }

        _times.Add(stage, end - begin);
        return end;
    }
}
