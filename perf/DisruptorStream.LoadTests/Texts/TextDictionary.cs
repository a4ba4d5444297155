using System.Runtime.InteropServices;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Texts;

/// <summary>What a user writes without an engine: one dictionary for the open window, cleared at its end.</summary>
internal sealed class TextDictionary
{
    private const int BatchEvents = 8192;

    private readonly Dictionary<string, Moments> _open;
    private readonly ResultDigest _digest = new();
    private readonly long _windowTicks;
    private long _endTicks;

    /// <param name="windowTicks">The size of a window.</param>
    /// <param name="keys">For how many keys there is room from the start.</param>
    public TextDictionary(long windowTicks, int keys)
    {
        _windowTicks = windowTicks;
        _open = new Dictionary<string, Moments>(keys);
    }

    /// <summary>Results so far, and their digest.</summary>
    public (long Results, ulong Sum) Digest => (_digest.Results, _digest.Sum);

    /// <summary>Folds all events, in batches.</summary>
    public static Lap Run(TextCall[] calls, TimeSpan window, int keys)
    {
        var dictionary = new TextDictionary(window.Ticks, keys);
        return Lap.Of(
            calls.Length,
            () =>
            {
                for (var at = 0; at < calls.Length; at += BatchEvents)
                    dictionary.Add(calls.AsSpan(at, Math.Min(BatchEvents, calls.Length - at)));
                dictionary.Close();
            },
            () => dictionary.Digest);
    }

    /// <summary>As the other, from no room on; the lap ends when all is folded, before the results are read.</summary>
    public static Lap RunUnread(TextCall[] calls, TimeSpan window)
    {
        var dictionary = new TextDictionary(window.Ticks, keys: 0);
        return Lap.Of(
            calls.Length,
            () => dictionary.Add(calls),
            () =>
            {
                dictionary.Close();
                return dictionary.Digest;
            });
    }

    public void Add(ReadOnlySpan<TextCall> calls)
    {
        foreach (ref readonly var call in calls)
            Add(in call);
    }

    public void Add(in TextCall call)
    {
        if (call.Ticks >= _endTicks)
        {
            Close();
            _endTicks = ((call.Ticks / _windowTicks) + 1) * _windowTicks;
        }

        CollectionsMarshal.GetValueRefOrAddDefault(_open, call.Key, out var isKnown).Add(call.Value, isKnown);
    }

    /// <summary>Reads the window out.</summary>
    public void Close()
    {
        foreach (var (key, moments) in _open)
        {
            _digest.Add(
                _endTicks / TimeSpan.TicksPerMillisecond,
                TextCalls.NumberOf(key),
                moments.Count,
                moments.Sum,
                moments.Min,
                moments.Max);
        }

        _open.Clear();
    }
}
