using System.Diagnostics;
using System.IO.Hashing;
using DisruptorStream.Aggregation;
using DisruptorStream.Durability.Files;
using DisruptorStream.Events;
using DisruptorStream.Pipeline;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.State;
using DisruptorStream.State.Memory.Copying;
using DisruptorStream.Windows;

namespace DisruptorStream.LoadTests.Saving;

/// <summary>What every shard keeps, with records of many keys, saved to memory and loaded from there.</summary>
internal sealed unsafe class StateBench : IDisposable
{
    public const long SliceTicks = 10_000_000;

    private const int EventsPerRecord = 3;
    private const int BlockBytes = 256 * 1024;
    private const double NanosecondsPerSecond = 1e9;

    private readonly WindowPlan _window;
    private readonly Action<AggregateBuilder> _aggregate;
    private readonly ShardState[] _shards;
    private readonly byte[] _saved;
    private readonly byte[] _copy;

    /// <param name="window">Tumbling windows or sessions.</param>
    /// <param name="aggregate">What is kept of a key.</param>
    /// <param name="keys">How many keys.</param>
    /// <param name="keysApart">From one key's id to the next one's.</param>
    /// <param name="slices">Slices or sessions of each key.</param>
    /// <param name="shards">A power of two.</param>
    public StateBench(
        WindowPlan window, Action<AggregateBuilder> aggregate, int keys, int keysApart, int slices, int shards)
    {
        _window = window;
        _aggregate = aggregate;
        _shards = NewShards(shards);
        for (var slice = 0; slice < slices; slice++)
            Fill(slice, keys, keysApart);
        LiveBytes = (long)keys * slices * _shards[0].Store.BytesPerRecord;
        foreach (var shard in _shards)
            LiveBytes += shard.Context.Plan.BlockBytesInUse;
        using var stream = new MemoryStream();
        SaveTo(_shards, stream);
        _saved = stream.ToArray();
        _copy = new byte[_saved.Length];
    }

    /// <summary>The bytes of the records, and of the blocks that they hold.</summary>
    public long LiveBytes { get; }

    public long SavedBytes => _saved.Length;

    /// <summary>
    /// Copies the saved bytes and computes their checksum, a block at a time; returns nanoseconds of processor time.
    /// </summary>
    public double Copy()
    {
        var started = Environment.CpuUsage.TotalTime;
        var hash = 0UL;
        for (var at = 0; at < _saved.Length; at += BlockBytes)
        {
            var block = _saved.AsSpan(at, Math.Min(BlockBytes, _saved.Length - at));
            block.CopyTo(_copy.AsSpan(at));
            hash = XxHash3.HashToUInt64(_copy.AsSpan(at, block.Length), (long)hash);
        }

        GC.KeepAlive(hash);
        return Nanoseconds(started);
    }

    public double Save()
    {
        var started = Environment.CpuUsage.TotalTime;
        using var stream = new MemoryStream(_copy);
        SaveTo(_shards, stream);
        return Nanoseconds(started);
    }

    public double Load()
    {
        var shards = NewShards(_shards.Length);
        var started = Environment.CpuUsage.TotalTime;
        LoadFrom(shards);
        var nanoseconds = Nanoseconds(started);
        Dispose(shards);
        return nanoseconds;
    }

    /// <summary>
    /// Copies the state for a snapshot while events come; returns the nanoseconds of each piece of what the thread of
    /// the events does, by its kind.
    /// </summary>
    /// <param name="keys">How many keys.</param>
    /// <param name="keysApart">From one key's id to the next one's.</param>
    /// <param name="slice">The slice that the events are in.</param>
    /// <param name="fileBytes">The bytes of the file that takes the copies.</param>
    /// <param name="allocatedBytes">What the pieces have allocated.</param>
    public Dictionary<string, List<double>> CopyWhile(
        int keys, int keysApart, int slice, out long fileBytes, out long allocatedBytes)
    {
        const int Batches = 64;
        const int BatchEvents = 1024;
        var (copy, random, allocated) = (new ShardCopy(), new Random(7), 0L);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var cut = new StateCut([[copy]], new CopyFile(FileSystems.Default, path));
        var slots = stackalloc EventSlot[BatchEvents];
        var further = stackalloc long[BatchEvents];
        var pieces = new Dictionary<string, List<double>> { ["at the slot"] = [], ["between batches"] = [] };
        Time("at the slot", () => cut.Take(writer => ShardState.SaveAll(writer, _shards)));
        for (var batch = 0; batch < Batches; batch++)
        {
            for (var index = 0; index < BatchEvents; index++)
                slots[index] = NewSlot(slice, random.Next(keys) * keysApart, index, random);
            var events = new EventView(slots, further, 1, batch * BatchEvents, BatchEvents);
            Time("batches of 1,024 events", () => _shards[0].Store.OnEvents(events, NewRun(slice, BatchEvents)));
            cut.Collect();
        }

        while (!cut.Collect())
            Time("between batches", () => copy.Step());
        (fileBytes, allocatedBytes) = (cut.FileBytes, allocated);
        return pieces;

        void Time(string kind, Action piece)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            piece();
            var nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds;
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            if (!pieces.TryGetValue(kind, out var times))
                pieces[kind] = times = [];
            times.Add(nanoseconds);
        }
    }

    /// <summary>Whether what is loaded has the same bytes once it is saved.</summary>
    public bool IsSame()
    {
        var shards = NewShards(_shards.Length);
        LoadFrom(shards);
        using var stream = new MemoryStream();
        SaveTo(shards, stream);
        Dispose(shards);
        return stream.GetBuffer().AsSpan(0, (int)stream.Length).SequenceEqual(_saved);
    }

    public void Dispose() => Dispose(_shards);

    private static void Dispose(ShardState[] shards)
    {
        foreach (var shard in shards)
            shard.Dispose();
    }

    // What other processes do meanwhile does not count.
    private static double Nanoseconds(TimeSpan started) =>
        (Environment.CpuUsage.TotalTime - started).TotalSeconds * NanosecondsPerSecond;

    private static void SaveTo(ShardState[] shards, Stream stream)
    {
        using var writer = new StateWriter(stream, new StateHeader(1, 1));
        ShardState.SaveAll(writer, shards);
        writer.Complete();
    }

    private void LoadFrom(ShardState[] shards)
    {
        using var reader = new StateReader(new MemoryStream(_saved));
        ShardState.LoadAll(reader, shards);
        reader.Complete();
    }

    private ShardState[] NewShards(int count)
    {
        var shards = new ShardState[count];
        for (var shard = 0; shard < count; shard++)
        {
            var builder = new AggregateBuilder(
                [new MeasureDefinition("x", 0, MeasureType.Double), new MeasureDefinition("y", 1, MeasureType.Int64)]);
            _aggregate(builder);
            var context = new StoreContext
            {
                Plan = AggregatePlan.Compile(builder.Metrics, NonFinitePolicy.RejectEvent),
                Output = new NoRows(2),
                AllowedLatenessTicks = 0,
                Accumulation = AccumulationMode.Accumulating,
                MeasureCount = 2,
                RouteDropped = false,
                MaxWindowsPerKey = int.MaxValue,
                WindowOverflow = WindowOverflowPolicy.EvictOldest,
                MaxOutOfOrdernessTicks = -1,
                ProcessingTime = false,
                ShardMask = count - 1,
                Shard = shard,
                Counters = new ShardCounters(),
                Activity = new KeyActivity(),
            };
            shards[shard] = new ShardState(context, _window.NewStore(context));
        }

        return shards;
    }

    private static EventSlot NewSlot(int slice, int keyId, int index, Random random) => new()
    {
        TimestampTicks = (slice * SliceTicks) + index,
        KeyId = keyId,
        Measure = BitConverter.DoubleToInt64Bits(random.NextDouble() * 100),
    };

    private static EventRun NewRun(int slice, int events) => new()
    {
        Count = events,
        Slice = slice,
        WatermarkTicks = long.MinValue,
        SourceMaxTicks = long.MinValue,
        EndMaxTicks = long.MinValue,
        WatermarkCapTicks = long.MinValue,
    };

    private void Fill(int slice, int keys, int keysApart)
    {
        var slots = stackalloc EventSlot[EventsPerRecord];
        var further = stackalloc long[EventsPerRecord];
        var random = new Random(slice);
        for (var key = 0; key < keys; key++)
        {
            for (var index = 0; index < EventsPerRecord; index++)
            {
                slots[index] = NewSlot(slice, key * keysApart, index, random);
                further[index] = index;
            }

            var run = NewRun(slice, EventsPerRecord);
            var store = _shards[(key * keysApart) & (_shards.Length - 1)].Store;
            store.OnEvents(new EventView(slots, further, 1, (long)key * EventsPerRecord, EventsPerRecord), run);
        }
    }
}
