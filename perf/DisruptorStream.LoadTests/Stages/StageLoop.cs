using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DisruptorStream.LoadTests.Limits;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Stages;

/// <summary>
/// The work of each stage of tumbling windows in a hand-written loop of its own, batch by batch: what a stage's time is
/// compared with. It waits for its records where the stage does; the events are in the nearer caches for both.
/// </summary>
/// <remarks>Compiled once and for good: which code the profile leads to changes from one process to the next.</remarks>
internal sealed class StageLoop
{
    /// <summary>This many events are given at a time.</summary>
    public const int BlockEvents = 8192;

    private const int BatchEvents = 512;
    private const int CacheLineBytes = 64;

    private static int _touched;

    private readonly Workload _work;
    private readonly InputEvent[] _input;
    private readonly InputEvent[] _slots = new InputEvent[2 * BatchEvents];
    private readonly Limit.Moments[] _states;
    private StageSink _sink = new();
    private long _end;

    public StageLoop(Workload work, InputEvent[] input)
    {
        _work = work;
        _input = input;
        _states = new Limit.Moments[work.Keys];
    }

    public StageTimes Times { get; } = new();

    public Lap Run()
    {
        _sink = new StageSink();
        _end = _work.SizeMilliseconds;
        _states.AsSpan().Fill(Limit.Moments.Empty);
        var lap = Lap.Of(
            _input.Length,
            () =>
            {
                for (var at = 0; at < _input.Length; at += BlockEvents)
                    ProcessBlock(_input.AsSpan(at, Math.Min(BlockEvents, _input.Length - at)));
                Emit();
            },
            () => (_sink.Results, _sink.Sum));
        Times.EndRun(_input.Length);
        return lap;
    }

    /// <summary>Fetches what is given next, so that how fast memory is does not count.</summary>
    public static void Touch<T>(ReadOnlySpan<T> events)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(events);
        var sum = 0;
        for (var at = 0; at < bytes.Length; at += CacheLineBytes)
            sum += bytes[at];
        Volatile.Write(ref _touched, sum);
    }

    private void ProcessBlock(ReadOnlySpan<InputEvent> events)
    {
        Touch(events);
        for (var at = 0; at < events.Length; at += BatchEvents)
            Process(events.Slice(at, Math.Min(BatchEvents, events.Length - at)), at & BatchEvents);
    }

    private void Process(ReadOnlySpan<InputEvent> events, int at)
    {
        var time = Stopwatch.GetTimestamp();
        var slots = _slots.AsSpan(at, events.Length);
        Fill(events, slots);
        time = End(PipelineStage.Ingest, time);
        for (ReadOnlySpan<InputEvent> left = slots; ;)
        {
            var count = CountBefore(left, _end);
            time = End(PipelineStage.Assignment, time);
            Fold(left[..count]);
            time = End(PipelineStage.Aggregation, time);
            left = left[count..];
            if (left.IsEmpty)
                return;
            Emit();
            _end += _work.SizeMilliseconds;
            time = End(PipelineStage.Emission, time);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Fill(ReadOnlySpan<InputEvent> events, Span<InputEvent> slots)
    {
        for (var index = 0; index < events.Length; index++)
        {
            if (!double.IsFinite(events[index].Value))
                throw new InvalidOperationException("The generators make finite values only.");
            slots[index] = events[index];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int CountBefore(ReadOnlySpan<InputEvent> slots, long end)
    {
        var count = 0;
        while (count < slots.Length && slots[count].Milliseconds < end)
            count++;
        return count;
    }

    private static long BitsOf(double value) => BitConverter.DoubleToInt64Bits(value);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Fold(ReadOnlySpan<InputEvent> slots)
    {
        var states = _states;
        foreach (ref readonly var next in slots)
            states[next.Key].Add(next.Value);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Emit()
    {
        for (var key = 0; key < _states.Length; key++)
        {
            ref readonly var state = ref _states[key];
            if (state.Count > 0)
                _sink.Add(_end, key, state.Count, BitsOf(state.Sum), BitsOf(state.Min), BitsOf(state.Max));
        }

        _states.AsSpan().Fill(Limit.Moments.Empty);
    }

    private long End(PipelineStage stage, long begin)
    {
        var end = Stopwatch.GetTimestamp();
        Times.Add(stage, end - begin);
        return end;
    }
}
