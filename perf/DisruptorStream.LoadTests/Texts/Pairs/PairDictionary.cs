using System.Runtime.InteropServices;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Texts.Pairs;

/// <summary>As <see cref="TextDictionary"/>, for keys of two texts.</summary>
internal sealed class PairDictionary
{
    private readonly Dictionary<(string Tenant, string Model), Moments> _open = new(TextCalls.Keys);
    private readonly ResultDigest _digest = new();
    private readonly long _windowTicks;
    private long _endTicks;

    private PairDictionary(long windowTicks) => _windowTicks = windowTicks;

    /// <summary>Folds all events.</summary>
    public static Lap Run(PairCall[] calls, TimeSpan window)
    {
        var dictionary = new PairDictionary(window.Ticks);
        return Lap.Of(
            calls.Length,
            () =>
            {
                dictionary.Add(calls);
                dictionary.Close();
            },
            () => (dictionary._digest.Results, dictionary._digest.Sum));
    }

    private void Add(ReadOnlySpan<PairCall> calls)
    {
        foreach (ref readonly var call in calls)
        {
            if (call.Ticks >= _endTicks)
            {
                Close();
                _endTicks = ((call.Ticks / _windowTicks) + 1) * _windowTicks;
            }

            CollectionsMarshal.GetValueRefOrAddDefault(_open, (call.Tenant, call.Model), out var isKnown)
                .Add(call.Value, isKnown);
        }
    }

    private void Close()
    {
        foreach (var (key, moments) in _open)
        {
            _digest.Add(
                _endTicks / TimeSpan.TicksPerMillisecond,
                PairRuns.NumberOf(key),
                moments.Count,
                moments.Sum,
                moments.Min,
                moments.Max);
        }

        _open.Clear();
    }
}
