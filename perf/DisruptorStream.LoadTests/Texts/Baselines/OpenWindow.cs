using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Texts.Baselines;

/// <summary>The window of a user's own dictionary that is open, and what was read out of those before it.</summary>
/// <typeparam name="TKey">The keys.</typeparam>
internal sealed class OpenWindow<TKey>
    where TKey : notnull
{
    private readonly ResultDigest _digest = new();
    private readonly Func<TKey, int> _numberOf;
    private readonly long _windowTicks;
    private long _endTicks;

    /// <param name="windowTicks">The size of a window.</param>
    /// <param name="keys">For how many keys there is room from the start.</param>
    /// <param name="numberOf">The number of a key, for the digest.</param>
    public OpenWindow(long windowTicks, int keys, Func<TKey, int> numberOf)
    {
        _windowTicks = windowTicks;
        _numberOf = numberOf;
        Values = new Dictionary<TKey, Moments>(keys);
    }

    /// <summary>What the keys of the window have so far.</summary>
    public Dictionary<TKey, Moments> Values { get; }

    /// <summary>Results so far, and their digest.</summary>
    public (long Results, ulong Sum) Digest => (_digest.Results, _digest.Sum);

    /// <summary>An event comes: one behind the window closes it, and opens its own.</summary>
    public void MoveTo(long ticks)
    {
        if (ticks < _endTicks)
            return;
        Close();
        _endTicks = ((ticks / _windowTicks) + 1) * _windowTicks;
    }

    /// <summary>Reads the window out.</summary>
    public void Close()
    {
        foreach (var (key, moments) in Values)
        {
            _digest.Add(
                _endTicks / TimeSpan.TicksPerMillisecond,
                _numberOf(key),
                moments.Count,
                moments.Sum,
                moments.Min,
                moments.Max);
        }

        Values.Clear();
    }
}
