using System.Diagnostics;
using DisruptorStream.Building;
using DisruptorStream.Events;
using DisruptorStream.Ingest.Slots;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Assignment;

namespace DisruptorStream.LoadTests.Stages;

/// <summary>
/// Takes events through the stages of an Inline processor as its execution does, and times each stage. One of them may
/// be slowed: it is then waited for as long again as it took.
/// </summary>
/// <remarks>
/// Slots that are no events, such as the end of the input, go the usual way and are not timed.
/// </remarks>
internal sealed class StageWatch : ISlotConsumer
{
    private readonly ISlotConsumer _execution;
    private readonly GuardedAssignment _assignment;
    private readonly AggregationStage _shard;
    private readonly EmissionStage _emission;
    private readonly PipelineStage? _slowed;
    private readonly RunList _runs = new();
    private readonly StageTimes _times;
    private long _began;
    private long _insideTicks;

    /// <param name="parts">Of a processor that has not been published to yet.</param>
    /// <param name="times">Where the stages' times go.</param>
    /// <param name="slowed">The stage that takes twice as long, if any.</param>
    public StageWatch(ProcessorParts<int> parts, StageTimes times, PipelineStage? slowed)
    {
        _times = times;
        _execution = (ISlotConsumer)parts.RuntimeParts.Execution;
        _assignment = parts.Assignment;
        _shard = parts.Shards[0];
        _emission = parts.RuntimeParts.Emission;
        _slowed = slowed;
        ((InlineEventRing)parts.RuntimeParts.Ring).Attach(this);
    }

    /// <summary>Before a call that publishes.</summary>
    public void BeginCall()
    {
        _insideTicks = 0;
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>After it: what the other stages did not take of it is ingest.</summary>
    public void EndCall() => End(PipelineStage.Ingest, _began + _insideTicks);

    public void BeforeClaim() => _execution.BeforeClaim();

    public void Consume(long first, long last) => _execution.Consume(first, last);

    public void ConsumeInPlace(in EventView events, ushort source, long last)
    {
        var begin = Stopwatch.GetTimestamp();
        _runs.Clear();
        _assignment.OnEvents(events, source, _runs);
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
        _insideTicks += End(PipelineStage.Emission, aggregated) - begin;
        var next = events.FirstSequence + events.Count;
        if (next <= last)
            _execution.Consume(next, last);
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
