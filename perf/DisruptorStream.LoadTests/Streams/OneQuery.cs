using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Pairs;

namespace DisruptorStream.LoadTests.Streams;

/// <summary>One query on a stream, against a processor that is the same query.</summary>
internal static class OneQuery
{
    private const double Limit = 1.05;
    private const int Pairs = 30;

    public static async Task RunAsync(Lane lane, Checklist checklist)
    {
        var ratios = new List<double>();
        var (onStream, onProcessor) = (new PaneDigest<string>(), new PaneDigest<string>());
        for (var pair = -1; pair < Pairs; pair++)
        {
            // Who is first changes, as the first of a pair may run on another clock rate.
            var isStreamFirst = pair % 2 == 0;
            var stream = isStreamFirst ? await lane.TimeAsync(Stream(lane.Options, onStream)) : 0;
            var processor = await lane.TimeAsync(Processor(lane.Options, onProcessor));
            if (!isStreamFirst)
                stream = await lane.TimeAsync(Stream(lane.Options, onStream));
            if (pair >= 0)
                ratios.Add(stream / processor);
        }

        checklist.Check(
            $"{lane}: results of one query",
            (onStream.Count, onStream.Digest) == (onProcessor.Count, onProcessor.Digest),
            FormattableString.Invariant($"{onStream.Count} panes, the same"));
        var interval = MedianInterval.Of(ratios);
        checklist.Check(
            $"{lane}: one query",
            interval.Low <= Limit,
            FormattableString.Invariant(
                $"{interval.Median:F3} ({interval.Low:F3} to {interval.High:F3}) of a processor's, at most {Limit}"));
    }

    private static StreamTarget Stream(StreamProcessorOptions options, PaneDigest<string> sink) => new StreamTarget(
        CallStream.WithKeys("tenant")
            .Query("tenants", query => query.By("tenant")
                .TumblingWindows(TimeSpan.FromSeconds(1))
                .Aggregate(a => a.Sum("tokens").Sum("cost"))
                .To(sink))
            .WithOptions(options)
            .Build());

    private static ProcessorTarget<string> Processor(
        StreamProcessorOptions options, PaneDigest<string> sink) =>
        new ProcessorTarget<string>(StreamProcessorBuilder.For<Call>()
            .KeyBy(CallSelectors.Tenant)
            .EventTime(CallSelectors.Ticks)
            .Measure("latency", CallSelectors.Latency)
            .Measure("tokens", CallSelectors.Tokens)
            .Measure("cost", CallSelectors.Cost)
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Sum("tokens").Sum("cost"))
            .To(sink)
            .WithOptions(options)
            .Build());
}
