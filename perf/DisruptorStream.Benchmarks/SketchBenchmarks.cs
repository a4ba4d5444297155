using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.State;

namespace DisruptorStream.Benchmarks;

/// <summary>What folding an event into a record costs, by accumulator, and reading it.</summary>
[MemoryDiagnoser]
public unsafe class SketchBenchmarks
{
    private const int Events = 1024;
    private const int Keys = 16;

    private AggregatePlan _plan = null!;
    private EventSlot* _slots;
    private nint* _records;
    private byte* _memory;
    private long[] _values = [];

    /// <summary>The accumulator.</summary>
    [Params("moments", "percentiles", "distinct", "top")]
    public string Kind { get; set; } = "moments";

    [GlobalSetup]
    public void Build()
    {
        var builder = new AggregateBuilder([new MeasureDefinition("value", 0, MeasureType.Double)]);
        _ = Kind switch
        {
            "moments" => builder.Count("n").Sum("sum").Min("min").Max("max"),
            "percentiles" => builder.Percentile("p50", 50).Percentile("p99", 99),
            "distinct" => builder.Distinct("distinct"),
            _ => builder.Top("top", 5),
        };
        _plan = AggregatePlan.Compile(builder.Metrics, NonFinitePolicy.RejectEvent);
        _values = new long[_plan.Metrics.Count];
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(Keys * _plan.RecordBytes), 64);
        for (var key = 0; key < Keys; key++)
            _plan.Initialize(_memory + (key * _plan.RecordBytes));
        _slots = (EventSlot*)NativeMemory.AlignedAlloc(Events * EventSlot.SizeBytes, 64);
        _records = (nint*)NativeMemory.AlignedAlloc(Events * (nuint)sizeof(nint), 64);
        var random = new Random(1);
        for (var i = 0; i < Events; i++)
        {
            var bits = BitConverter.DoubleToInt64Bits(random.Next(1, 1000));
            _slots[i] = new EventSlot { TimestampTicks = i, Measure = bits };
            _records[i] = (nint)(_memory + (random.Next(Keys) * _plan.RecordBytes));
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        NativeMemory.AlignedFree(_slots);
        NativeMemory.AlignedFree(_records);
        _plan.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public void Accumulate()
    {
        var view = new EventView(_slots, null, 0, 0, Events);
        _plan.Accumulate(in view, _records);
    }

    [Benchmark]
    public long Read()
    {
        _plan.Read(_memory, TimeSpan.TicksPerSecond, _values);
        return _values[0];
    }
}
