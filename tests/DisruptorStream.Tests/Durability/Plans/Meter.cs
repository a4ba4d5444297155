using DisruptorStream.Building.Streams;
using DisruptorStream.Durability;
using DisruptorStream.Emission;
using DisruptorStream.Streams;

namespace DisruptorStream.Tests.Durability.Plans;

/// <summary>Streams of readings, whose queries the tests change between two runs.</summary>
internal static class Meter
{
    public static StreamEventsStep<Reading> Events() => StreamProcessorBuilder.For<Reading>()
        .EventTime(reading => reading.Ticks)
        .Measure("value", reading => reading.Value)
        .Measure("weight", reading => reading.Weight)
        .Key("site", reading => reading.Site)
        .Key("device", reading => reading.Device);

    public static StreamStep<Reading> Set(this StreamStep<Reading> step, ExecutionMode mode = ExecutionMode.Inline) =>
        step.WithOptions(Processors.Options(mode)).WithName("meter");

    public static StreamStep<Reading> In(
        this StreamStep<Reading> step, string directory, PlanChangePolicy policy = PlanChangePolicy.Refuse) =>
        step.DurableIn(directory, new DurabilityOptions { SegmentBytes = 1 << 16, OnPlanChange = policy });

    public static void Publish(this EventStream<Reading> stream, long ticks, double value) =>
        stream.Publish(new Reading(ticks, "north", "one", value, 1));

    public static async Task<EventStream<Reading>> RunAsync(
        this StreamStep<Reading> step, Action<EventStream<Reading>> run, StopMode stop = StopMode.Suspend)
    {
        var stream = step.Build();
        try
        {
            if (step.Options.Mode != ExecutionMode.Inline)
                stream.Start();
            run(stream);
            await stream.StopAsync(stop, TestContext.Current.CancellationToken);
            return stream;
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    public static List<WindowResult<TKey>> ResultsOf<TKey>(this EventStream<Reading> stream, string query)
        where TKey : notnull
    {
        var results = new List<WindowResult<TKey>>();
        while (stream.Query<TKey>(query).TryReadResult(out var result))
            results.Add(result);
        return results;
    }
}
