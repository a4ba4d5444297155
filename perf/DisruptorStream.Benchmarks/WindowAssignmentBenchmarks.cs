using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Benchmarks;

/// <summary>Cutting slots into runs: watermark, lateness and slice of every event.</summary>
[MemoryDiagnoser]
public unsafe class WindowAssignmentBenchmarks
{
    private const int Events = 1024;

    private readonly RunList _runs = new();
    private WindowAssignmentStage _stage = null!;
    private EventSlot* _slots;
    private long _sequence;

    /// <summary>Events in a slice.</summary>
    [Params(100, 100_000)]
    public int EventsPerSlice { get; set; }

    [GlobalSetup]
    public void Build()
    {
        var window = FixedWindows.Tumbling(EventsPerSlice);
        var tracker = new WatermarkTracker(0, -1);
        tracker.Register(0, 0);
        _stage = new AssignmentRules(0, 0, ProcessingTime: false, MaxSlices: 1024)
            .NewStage(new FixedGrid(window), tracker);
        _slots = (EventSlot*)NativeMemory.AlignedAlloc(Events * EventSlot.SizeBytes, 64);
    }

    [GlobalCleanup]
    public void Dispose() => NativeMemory.AlignedFree(_slots);

    /// <summary>Filling the slots is part of it: time has to go on.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public int Assign()
    {
        for (var i = 0; i < Events; i++)
            _slots[i] = new EventSlot { TimestampTicks = _sequence + i, KeyId = i };
        _runs.Clear();
        _stage.OnBatch(new EventView(_slots, null, 0, _sequence, Events), _runs);
        _sequence += Events;
        return _runs.Runs.Length;
    }
}
