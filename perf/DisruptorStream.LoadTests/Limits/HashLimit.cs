using System.Numerics;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>Open addressing with linear probing, for keys that are not dense.</summary>
internal sealed class HashLimit : Limit
{
    private readonly Entry[] _entries;
    private readonly int _shift;

    public HashLimit(Workload work)
        : base(work.SizeMilliseconds)
    {
        _entries = new Entry[BitOperations.RoundUpToPowerOf2((uint)work.Keys * 3 / 2)];
        _shift = 32 - BitOperations.Log2((uint)_entries.Length);
    }

    protected override void Run(ReadOnlySpan<InputEvent> events)
    {
        var entries = _entries;
        foreach (ref readonly var next in events)
        {
            var index = (uint)next.Key * 2_654_435_769 >> _shift;
            while (entries[index].KeyPlusOne != next.Key + 1)
            {
                if (entries[index].KeyPlusOne == 0)
                {
                    entries[index] = new Entry { KeyPlusOne = next.Key + 1, State = Moments.Empty };
                    break;
                }

                index = (index + 1) & (uint)(entries.Length - 1);
            }

            entries[index].State.Add(next.Value);
        }
    }

    protected override void Close()
    {
        foreach (ref readonly var entry in _entries.AsSpan())
            entry.State.Emit(Digest, End, entry.KeyPlusOne - 1);
        Array.Clear(_entries);
    }

    private struct Entry
    {
        public int KeyPlusOne;
        public Moments State;
    }
}
