using System.Runtime.InteropServices;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Texts.Baselines;

namespace DisruptorStream.LoadTests.Texts.Pairs;

/// <summary>As <see cref="TextDictionary"/>, for keys of two texts.</summary>
internal static class PairDictionary
{
    /// <summary>Folds all events.</summary>
    public static Lap Run(PairCall[] calls, TimeSpan window)
    {
        var open = new OpenWindow<(string Tenant, string Model)>(window.Ticks, TextCalls.Keys, PairRuns.NumberOf);
        return Lap.Of(
            calls.Length,
            () =>
            {
                Add(open, calls);
                open.Close();
            },
            () => open.Digest);
    }

    private static void Add(OpenWindow<(string Tenant, string Model)> open, ReadOnlySpan<PairCall> calls)
    {
        foreach (ref readonly var call in calls)
        {
            open.MoveTo(call.Ticks);
            CollectionsMarshal.GetValueRefOrAddDefault(open.Values, (call.Tenant, call.Model), out var isKnown)
                .Add(call.Value, isKnown);
        }
    }
}
