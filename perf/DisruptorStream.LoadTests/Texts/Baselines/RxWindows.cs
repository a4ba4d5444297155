using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Texts.Baselines;

/// <summary>The job with Rx: a window of an observable, grouped by key, each group aggregated.</summary>
/// <remarks>Rx knows no event time: who publishes closes the window at its end, as the events are in order.</remarks>
internal static class RxWindows
{
    public static Lap Run(TextCall[] calls, TimeSpan window)
    {
        var digest = new ResultDigest();
        return Lap.Of(calls.Length, () => Publish(calls, window.Ticks, digest), () => (digest.Results, digest.Sum));
    }

    private static void Publish(TextCall[] calls, long windowTicks, ResultDigest digest)
    {
        using var source = new Subject<TextCall>();
        using var closings = new Subject<Unit>();
        var endTicks = ((calls[0].Ticks / windowTicks) + 1) * windowTicks;
        using var subscription = source.Window(closings)
            .SelectMany(window => window.GroupBy(call => call.Key)
                .SelectMany(group => group.Aggregate(default(Moments), Add)
                    .Select(moments => (group.Key, Moments: moments))))
            .Subscribe(one => digest.Add(
                endTicks / TimeSpan.TicksPerMillisecond,
                TextCalls.NumberOf(one.Key),
                one.Moments.Count,
                one.Moments.Sum,
                one.Moments.Min,
                one.Moments.Max));
        foreach (ref readonly var call in calls.AsSpan())
        {
            if (call.Ticks >= endTicks)
            {
                closings.OnNext(Unit.Default);
                endTicks = ((call.Ticks / windowTicks) + 1) * windowTicks;
            }

            source.OnNext(call);
        }

        source.OnCompleted();
    }

    private static Moments Add(Moments moments, TextCall call)
    {
        moments.Add(call.Value, isKnown: moments.Count > 0);
        return moments;
    }
}
