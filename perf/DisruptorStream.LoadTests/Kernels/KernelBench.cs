using System.Diagnostics;
using System.Runtime.InteropServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.State;

namespace DisruptorStream.LoadTests.Kernels;

/// <summary>A compiled plan over a few keys that stay in cache: what folding one event in costs, and merging.</summary>
internal sealed unsafe class KernelBench : IDisposable
{
    private const int Keys = 16;
    private const int Batch = 1024;
    private const int Batches = 64;
    private const int MergesPerRound = 8;

    private readonly AggregatePlan _plan;
    private readonly EventSlot* _slots;
    private readonly nint* _records;
    private readonly byte* _memory;
    private readonly byte* _total;

    public KernelBench(string name, Action<AggregateBuilder> aggregate)
    {
        Name = name;
        var builder = new AggregateBuilder([new MeasureDefinition("value", 0, MeasureType.Double)]);
        aggregate(builder);
        _plan = AggregatePlan.Compile(builder.Metrics, NonFinitePolicy.RejectEvent);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)((Keys + 1) * _plan.RecordBytes), 64);
        _total = _memory + (Keys * _plan.RecordBytes);
        for (var key = 0; key <= Keys; key++)
            _plan.Initialize(_memory + (key * _plan.RecordBytes));
        _slots = (EventSlot*)NativeMemory.AlignedAlloc(Batch * Batches * EventSlot.SizeBytes, 64);
        _records = (nint*)NativeMemory.AlignedAlloc(Batch * Batches * (nuint)sizeof(nint), 64);
        var random = new Random(1);
        for (var i = 0; i < Batch * Batches; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
            var bits = BitConverter.DoubleToInt64Bits(Math.Exp(normal));
            _slots[i] = new EventSlot { TimestampTicks = i, Measure = bits };
            _records[i] = (nint)(_memory + (random.Next(Keys) * _plan.RecordBytes));
        }
    }

    public string Name { get; }

    /// <summary>How many events have been folded in.</summary>
    public long Events { get; private set; }

    /// <summary>Folds all events in, again and again; returns nanoseconds per event.</summary>
    public double Fold(int rounds)
    {
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < rounds; round++)
        {
            for (var batch = 0; batch < Batches; batch++)
            {
                var view = new EventView(_slots + (batch * Batch), null, 0, batch * Batch, Batch);
                _plan.Accumulate(in view, _records + (batch * Batch));
            }
        }

        Events += (long)rounds * Batch * Batches;
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / ((double)rounds * Batch * Batches);
    }

    /// <summary>
    /// Merges a number of slices into one record, again and again; returns nanoseconds for all of them once.
    /// </summary>
    public double Merge(int slices)
    {
        // The first time finds the slices pushed out of the near caches by what was folded before.
        MergeOnce(slices);
        var start = Stopwatch.GetTimestamp();
        for (var merge = 0; merge < MergesPerRound; merge++)
            MergeOnce(slices);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / MergesPerRound;
    }

    /// <summary>Reads the records again and again; returns nanoseconds per record.</summary>
    public double Read(int rounds)
    {
        Span<long> values = stackalloc long[_plan.Metrics.Count];
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < rounds; round++)
        {
            for (var key = 0; key < Keys; key++)
                _plan.Read(_memory + (key * _plan.RecordBytes), TimeSpan.TicksPerSecond, values);
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / (rounds * Keys);
    }

    /// <summary>The first metric over all that was folded in.</summary>
    public double Total()
    {
        _plan.Reset(_total);
        for (var key = 0; key < Keys; key++)
            _plan.Merge(_total, _memory + (key * _plan.RecordBytes));
        Span<long> values = stackalloc long[_plan.Metrics.Count];
        _plan.Read(_total, TimeSpan.TicksPerSecond, values);
        return _plan.Metrics[0].Type == MeasureType.Double ? BitConverter.Int64BitsToDouble(values[0]) : values[0];
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        NativeMemory.AlignedFree(_slots);
        NativeMemory.AlignedFree(_records);
        _plan.Dispose();
    }

    private void MergeOnce(int slices)
    {
        _plan.Reset(_total);
        for (var slice = 0; slice < slices; slice++)
            _plan.Merge(_total, _memory + (slice % Keys * _plan.RecordBytes));
    }
}
