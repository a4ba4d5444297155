using DisruptorStream.Building;
using DisruptorStream.Building.Streams;
using DisruptorStream.Events;

namespace DisruptorStream.Generators.Tests.Fields;

/// <summary>The same events by selectors as their marks say.</summary>
internal static class EventForms
{
    public static MeasuresStep<Reading, string> Selected() => StreamProcessorBuilder.For<Reading>()
        .KeyBy(one => one.Model!)
        .EventTime(one => one.Milliseconds, EventTimeUnit.Milliseconds)
        .Measure("latency", one => one.Latency)
        .Measure("tokens", one => one.Tokens)
        .Measure("load", one => (double)one.Load)
        .Measure("checked", one => (long)one.Checked);

    public static StreamEventsStep<Reading> SelectedStream() => StreamProcessorBuilder.For<Reading>()
        .EventTime(one => one.Milliseconds, EventTimeUnit.Milliseconds)
        .Measure("latency", one => one.Latency)
        .Measure("tokens", one => one.Tokens)
        .Measure("load", one => (double)one.Load)
        .Measure("checked", one => (long)one.Checked)
        .Key("model", one => one.Model)
        .Key("device", one => one.Device);

    /// <summary>Queries of all kinds: a key, another, both, filters, several sizes, sessions.</summary>
    public static StreamStep<Reading> Queries(StreamEventsStep<Reading> events) => events
        .Query("models", query => query.By("model").TumblingWindows(TimeSpan.FromMilliseconds(20))
            .Aggregate(a => a.Sum("latency").Max("tokens").Average("load").Sum("checked")
                .Count("slow", where: one => one.Latency > 1)))
        .Query("devices", query => query.Where(one => one.Tokens > 0).By<int>("device")
            .TumblingWindows(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50))
            .Aggregate(a => a.Count("n").Sum("tokens")))
        .Query("both", query => query.By<string, int>("model", "device")
            .SessionWindows(TimeSpan.FromMilliseconds(7)).Aggregate(a => a.Percentile("p", 90, "latency")));
}
