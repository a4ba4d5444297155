using System.Runtime.InteropServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Filters;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State;

namespace DisruptorStream.Tests.Aggregation;

/// <summary>A compiled plan and records of it in native memory: what accumulators make of values.</summary>
internal sealed unsafe class Records : IDisposable
{
    private readonly AggregatePlan _plan;
    private readonly int _measures;
    private readonly List<nint> _records = [];
    private long _sequence;

    public Records(
        Action<AggregateBuilder> aggregate,
        MeasureType[]? measures = null,
        NonFinitePolicy policy = NonFinitePolicy.RejectEvent,
        MetricFilter? filter = null)
    {
        var types = measures ?? [MeasureType.Double];
        _measures = types.Length;
        var builder = new AggregateBuilder(
            [.. types.Select((type, index) => new MeasureDefinition(index == 0 ? "x" : $"x{index}", index, type))]);
        aggregate(builder);
        _plan = AggregatePlan.Compile(
            filter is null ? builder.Metrics : [.. builder.Metrics.Select(metric => metric with { Filter = filter })],
            policy);
    }

    public AggregatePlan Plan => _plan;

    /// <summary>A record without events; returns its index.</summary>
    public int New()
    {
        var record = (byte*)NativeMemory.AlignedAlloc((nuint)_plan.RecordBytes, 64);
        _plan.Initialize(record);
        _records.Add((nint)record);
        return _records.Count - 1;
    }

    /// <summary>A new record of these doubles, in that order.</summary>
    public int Of(params ReadOnlySpan<double> values)
    {
        var record = New();
        Add(record, values);
        return record;
    }

    public void Add(int record, params ReadOnlySpan<double> values)
    {
        foreach (var value in values)
            AddBits(record, _sequence, BitConverter.DoubleToInt64Bits(value));
    }

    public void AddBits(int record, long timestamp, params ReadOnlySpan<long> measures)
    {
        var slot = new EventSlot { TimestampTicks = timestamp, Measure = measures[0] };
        var address = _records[record];
        fixed (long* further = measures)
        {
            var view = new EventView(&slot, further + 1, _measures - 1, _sequence++, 1);
            _plan.Accumulate(in view, &address);
        }
    }

    /// <summary>Adds events of several records at once, each with the bits of its filters beside its slot.</summary>
    public void AddFiltered((int Record, double Value, long Filters)[] events)
    {
        var slots = Array.ConvertAll(
            events, one => new EventSlot { Measure = BitConverter.DoubleToInt64Bits(one.Value) });
        var filters = Array.ConvertAll(events, one => one.Filters);
        var records = Array.ConvertAll(events, one => _records[one.Record]);
        fixed (EventSlot* slot = slots)
        fixed (nint* address = records)
        fixed (long* words = filters)
        {
            var view = new EventView(slot, words, 1, _sequence, events.Length);
            _plan.Accumulate(in view, address);
        }

        _sequence += events.Length;
    }

    /// <summary>Adds events that are not consecutive, all of the same value.</summary>
    public void AddGathered(int record, long[] sequences, double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var slots = Array.ConvertAll(sequences, _ => new EventSlot { Measure = bits });
        var records = Array.ConvertAll(sequences, _ => _records[record]);
        var measures = new long[sequences.Length * _measures];
        fixed (EventSlot* slot = slots)
        fixed (nint* address = records)
        fixed (long* further = measures, sequence = sequences)
        {
            var view = new EventView(slot, further, _measures - 1, sequences[0], sequences.Length, sequence);
            _plan.Accumulate(in view, address);
        }
    }

    public void Merge(int into, int later) => _plan.Merge((byte*)_records[into], (byte*)_records[later]);

    public int Copy(int record)
    {
        var copy = New();
        _plan.Replace((byte*)_records[record], (byte*)_records[copy]);
        return copy;
    }

    public void Release(int record) => _plan.Release((byte*)_records[record]);

    public void Reset(int record) => _plan.Reset((byte*)_records[record]);

    public long[] ReadBits(int record, long spanTicks = TimeSpan.TicksPerSecond)
    {
        var values = new long[_plan.Metrics.Count];
        _plan.Read((byte*)_records[record], spanTicks, values);
        return values;
    }

    /// <summary>A metric's value as a double, whichever its type.</summary>
    public double Read(int record, int metric = 0, long spanTicks = TimeSpan.TicksPerSecond)
    {
        var bits = ReadBits(record, spanTicks)[metric];
        return _plan.Metrics[metric].Type == MeasureType.Int64 ? bits : BitConverter.Int64BitsToDouble(bits);
    }

    /// <summary>The bytes of these records as they are saved.</summary>
    public byte[] Save(params ReadOnlySpan<int> records)
    {
        using var stream = new MemoryStream();
        using var writer = new StateWriter(stream, default);
        writer.Begin(SectionTag.Slices, 1);
        foreach (var record in records)
            _plan.Save(writer, (byte*)_records[record]);
        writer.End();
        writer.Complete();
        return stream.ToArray();
    }

    /// <summary>Makes new records of those that were saved, and goes on with the same sequence.</summary>
    public void Load(byte[] state, int count, Records saved)
    {
        using var reader = new StateReader(new MemoryStream(state));
        reader.Begin(SectionTag.Slices, 1);
        for (var left = count; left > 0; left--)
            _plan.Load(reader, (byte*)_records[New()]);
        reader.End();
        reader.Complete();
        _sequence = saved._sequence;
    }

    public Exception? FailureOf(int record)
    {
        ReadBits(record);
        var index = _plan.FailureOf((byte*)_records[record]);
        return index < 0 ? null : _plan.Failures[index];
    }

    public void Dispose()
    {
        foreach (var record in _records)
            NativeMemory.AlignedFree((void*)record);
        _plan.Dispose();
    }
}
