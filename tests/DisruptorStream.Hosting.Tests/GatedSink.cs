using System.Numerics;
using DisruptorStream.Emission;

namespace DisruptorStream.Hosting.Tests;

/// <summary>Counts the ids in windows of 32: each event adds the bit of its id. Waits while it is shut.</summary>
internal sealed class GatedSink : IResultSink<int>, IDisposable
{
    public const int IdsPerWindow = 32;

    private uint[] _seen = new uint[1 << 16];

    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    /// <summary>Set once a call has found the gate shut.</summary>
    public ManualResetEventSlim Held { get; } = new();

    /// <summary>How many events the windows had.</summary>
    public long Events { get; private set; }

    public static long BitOf(long id) => 1L << (int)(id % IdsPerWindow);

    /// <summary>How many of the ids below a limit were seen.</summary>
    public long Seen(long limit)
    {
        var count = 0L;
        for (var id = 0L; id < limit && id / IdsPerWindow < _seen.Length; id++)
            count += HasSeen(id) ? 1 : 0;
        return count;
    }

    public bool HasSeen(long id) =>
        id / IdsPerWindow < _seen.Length && (_seen[id / IdsPerWindow] & BitOf(id)) != 0;

    public void OnResults(ResultBatch<int> batch)
    {
        if (!Gate.IsSet)
            Held.Set();
        Gate.Wait();
        foreach (var result in batch)
        {
            var (events, bits) = (result.GetInt64(0), result.GetInt64(1));
            Assert.Equal(events, BitOperations.PopCount((ulong)bits));
            var window = result.Window.StartTicks / IdsPerWindow;
            while (window >= _seen.Length)
                Array.Resize(ref _seen, _seen.Length * 2);
            Assert.Equal(0, _seen[window] & bits);
            _seen[window] |= (uint)bits;
            Events += events;
        }
    }

    public void Dispose()
    {
        Gate.Dispose();
        Held.Dispose();
    }
}
