using System.Runtime.InteropServices;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Texts;

/// <summary>As <see cref="TextDictionary"/>, for keys that are integers.</summary>
internal sealed class NumberDictionary
{
    private const int BatchEvents = 8192;

    private readonly Dictionary<int, Moments> _open = new(TextCalls.Keys);
    private readonly ResultDigest _digest = new();
    private readonly long _windowTicks;
    private long _endTicks;

    private NumberDictionary(long windowTicks) => _windowTicks = windowTicks;

    /// <summary>Folds all events, in batches.</summary>
    public static Lap Run(NumberCall[] calls, TimeSpan window)
    {
        var dictionary = new NumberDictionary(window.Ticks);
        return Lap.Of(
            calls.Length,
            () =>
            {
                for (var at = 0; at < calls.Length; at += BatchEvents)
                    dictionary.Add(calls.AsSpan(at, Math.Min(BatchEvents, calls.Length - at)));
                dictionary.Close();
            },
            () => (dictionary._digest.Results, dictionary._digest.Sum));
    }

    private void Add(ReadOnlySpan<NumberCall> calls)
    {
        foreach (ref readonly var call in calls)
        {
            if (call.Ticks >= _endTicks)
            {
                Close();
                _endTicks = ((call.Ticks / _windowTicks) + 1) * _windowTicks;
            }

            CollectionsMarshal.GetValueRefOrAddDefault(_open, call.Key, out var isKnown).Add(call.Value, isKnown);
        }
    }

    private void Close()
    {
        foreach (var (key, moments) in _open)
        {
            _digest.Add(
                _endTicks / TimeSpan.TicksPerMillisecond,
                key,
                moments.Count,
                moments.Sum,
                moments.Min,
                moments.Max);
        }

        _open.Clear();
    }
}
