using DisruptorStream.Emission;

namespace DisruptorStream.LoadTests.Streams;

/// <summary>Adds up what comes out, whatever its order among equal windows.</summary>
internal sealed class PaneDigest<TKey> : IResultSink<TKey>
    where TKey : notnull
{
    /// <summary>How many panes came.</summary>
    public long Count { get; private set; }

    /// <summary>The keys, windows and bits of all values, added up; the same in one process.</summary>
    public ulong Digest { get; private set; }

    public void OnResults(ResultBatch<TKey> batch)
    {
        foreach (var result in batch)
        {
            var hash = (ulong)(uint)EqualityComparer<TKey>.Default.GetHashCode(result.Key);
            hash = (hash * 31) + (ulong)result.Window.StartTicks;
            hash = (hash * 31) + (ulong)result.Window.EndTicks;
            foreach (var bits in result.RawValues)
                hash = (hash * 1_099_511_628_211) ^ (ulong)bits;
            Digest += hash * 0x9E37_79B9_7F4A_7C15;
            Count++;
        }
    }
}
