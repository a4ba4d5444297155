using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using DisruptorStream.Events;
using DisruptorStream.State.Memory;

namespace DisruptorStream.Benchmarks;

/// <summary>Finding the record of each event's key in a slice.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "The clean-up disposes.")]
public unsafe class SliceUpdateBenchmarks
{
    private const int Events = 512;
    private const int RecordBytes = 32;

    private PagePool _pages = null!;
    private KeyedTable _table = null!;
    private EventSlot* _slots;
    private nint* _records;

    /// <summary>Keys in the slice.</summary>
    [Params(1, 100, 10_000, 1_000_000)]
    public int Keys { get; set; }

    [GlobalSetup]
    public void Build()
    {
        _pages = new PagePool(RecordBytes);
        _table = new KeyedTable(_pages, new byte[RecordBytes]);
        for (var key = 0; key < Keys; key++)
            _table.GetOrAdd(key);
        _slots = (EventSlot*)NativeMemory.AlignedAlloc(Events * EventSlot.SizeBytes, 64);
        _records = (nint*)NativeMemory.AlignedAlloc(Events * (nuint)sizeof(nint), 64);
        var random = new Random(1);
        for (var i = 0; i < Events; i++)
            _slots[i] = new EventSlot { KeyId = random.Next(Keys) };
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _table.Dispose();
        _pages.Dispose();
        NativeMemory.AlignedFree(_slots);
        NativeMemory.AlignedFree(_records);
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public void Locate() => _table.Locate(new EventView(_slots, null, 0, 0, Events), _records);
}
