using System.Diagnostics.Metrics;
using DisruptorStream.Events;
using DisruptorStream.Telemetry;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Reporting.Instruments;

/// <content>What is read when somebody collects.</content>
internal sealed partial class MeterInstruments
{
    private List<Measurement<long>> OfProcessors(int instrument, Func<ProcessorStats, long> read)
    {
        var measurements = new List<Measurement<long>>();
        foreach (var processor in Processors())
            measurements.Add(new Measurement<long>(read(processor.Stats(instrument)), processor.Tag));
        return measurements;
    }

    private List<Measurement<double>> OfProcessors(int instrument, Func<ProcessorStats, double?> read)
    {
        var measurements = new List<Measurement<double>>();
        foreach (var processor in Processors())
        {
            if (read(processor.Stats(instrument)) is { } value)
                measurements.Add(new Measurement<double>(value, processor.Tag));
        }

        return measurements;
    }

    private List<Measurement<long>> OfQueries(int instrument, Func<ProcessorStats, long> read)
    {
        var measurements = new List<Measurement<long>>();
        ReadQueries(instrument, (stats, tags) => measurements.Add(new Measurement<long>(read(stats), tags)));
        return measurements;
    }

    private List<Measurement<double>> OfQueries(int instrument, Func<ProcessorStats, double> read)
    {
        var measurements = new List<Measurement<double>>();
        ReadQueries(instrument, (stats, tags) => measurements.Add(new Measurement<double>(read(stats), tags)));
        return measurements;
    }

    /// <summary>Each query of a stream with its name as a tag; a processor, which is one query, without.</summary>
    private void ReadQueries(int instrument, Action<ProcessorStats, KeyValuePair<string, object?>[]> read)
    {
        foreach (var processor in Processors())
        {
            var stats = processor.Stats(instrument);
            if (stats.Queries.Count == 0)
                read(stats, [processor.Tag]);
            foreach (var (name, query) in stats.Queries)
                read(query, [processor.Tag, Tag(QueryTag, name)]);
        }
    }

    /// <summary>What a stream refuses for its time is its own, and counts once; the rest is its queries'.</summary>
    private List<Measurement<long>> Dropped(int instrument)
    {
        var measurements = new List<Measurement<long>>();
        foreach (var processor in Processors())
        {
            var stats = processor.Stats(instrument);
            for (var reason = DropReason.None + 1; (int)reason < Reasons.Count; reason++)
            {
                var tag = Tag(ReasonTag, Reasons[(int)reason]);
                if (stats.Queries.Count == 0 || IsOfStream(reason))
                {
                    measurements.Add(new Measurement<long>(stats.DroppedBy(reason), processor.Tag, tag));
                    continue;
                }

                foreach (var (name, query) in stats.Queries)
                {
                    measurements.Add(new Measurement<long>(
                        query.DroppedBy(reason), processor.Tag, tag, Tag(QueryTag, name)));
                }
            }
        }

        return measurements;
    }

    private static bool IsOfStream(DropReason reason) =>
        reason is DropReason.FutureSkew or DropReason.TimestampJump or DropReason.TimestampOutOfRange
            or DropReason.AfterEnd;

    private List<Measurement<double>> OfSources(int instrument, Func<ProcessorStats, SourceWatermark, double?> read)
    {
        var measurements = new List<Measurement<double>>();
        foreach (var processor in Processors())
        {
            var stats = processor.Stats(instrument);
            foreach (var source in stats.Sources)
            {
                if (read(stats, source) is { } value)
                    measurements.Add(new Measurement<double>(value, processor.Tag, Tag(SourceTag, source.Name)));
            }
        }

        return measurements;
    }

    private List<Measurement<double>> OfStages(Func<StageClock, double> read)
    {
        var measurements = new List<Measurement<double>>();
        foreach (var processor in Processors())
        {
            foreach (var stage in processor.Stages)
                measurements.Add(new Measurement<double>(read(stage), processor.Tag, Tag(StageTag, stage.Name)));
        }

        return measurements;
    }

    private List<Measurement<double>> Quantiles(int instrument)
    {
        var measurements = new List<Measurement<double>>();
        foreach (var processor in Processors())
        {
            var stats = processor.Stats(instrument);
            Add("0.5", stats.LatencyP50);
            Add("0.95", stats.LatencyP95);
            Add("0.99", stats.LatencyP99);

            void Add(string quantile, TimeSpan? latency)
            {
                if (latency is { } value)
                {
                    measurements.Add(new Measurement<double>(
                        value.TotalSeconds, processor.Tag, Tag(QuantileTag, quantile)));
                }
            }
        }

        return measurements;
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static double? SecondsOf(TimeSpan? time) => time?.TotalSeconds;

    private static double? SecondsOf(long? ticks) =>
        ticks is null or long.MaxValue ? null : (double)ticks.Value / TimeSpan.TicksPerSecond;

    private static long BufferedForReaders(ProcessorStats stats)
    {
        var sum = 0L;
        foreach (var reader in stats.ResultReaders)
            sum += reader.ResultsBuffered;
        return sum;
    }

    private static long LeastHeld(ProcessorStats stats)
    {
        var least = stats.AsyncSinks.Count == 0 ? 0 : long.MaxValue;
        foreach (var sink in stats.AsyncSinks)
            least = Math.Min(least, sink.NumberHeld);
        return least;
    }

    private static long SumOf(ProcessorStats stats, Func<AsyncSinkStats, long> read)
    {
        var sum = 0L;
        foreach (var sink in stats.AsyncSinks)
            sum += read(sink);
        return sum;
    }
}
