using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Pairs;

namespace DisruptorStream.LoadTests.Streams;

/// <summary>Three window sizes on one key, against the smallest alone.</summary>
internal static class WindowSizes
{
    /// <summary>Of the rate of the smallest alone.</summary>
    private const double LeastShare = 0.8;

    private const int Rounds = 11;

    public static async Task RunAsync(Lane lane, Checklist checklist)
    {
        var ratios = new List<double>();
        for (var round = -1; round < Rounds; round++)
        {
            var smallest = await lane.TimeAsync(Tenants(lane.Options, isThree: false));
            var three = await lane.TimeAsync(Tenants(lane.Options, isThree: true));
            if (round >= 0)
                ratios.Add(smallest / three);
        }

        var share = MedianInterval.MedianOf(ratios);
        checklist.Check(
            $"{lane}: three window sizes",
            share >= LeastShare,
            FormattableString.Invariant($"{share:F2} of the rate of the smallest alone, at least {LeastShare}"));
    }

    private static StreamTarget Tenants(StreamProcessorOptions options, bool isThree)
    {
        var second = TimeSpan.FromSeconds(1);
        var stream = CallStream.WithKeys("tenant").Query("tenants", query =>
        {
            var tenants = query.By("tenant");
            return (isThree
                ? tenants.TumblingWindows(second, 5 * second, 20 * second)
                : tenants.TumblingWindows(second))
                .Aggregate(a => a.Sum("tokens").Sum("cost"))
                .To(new PaneDigest<string>());
        });
        return new StreamTarget(stream.WithOptions(options).Build());
    }
}
