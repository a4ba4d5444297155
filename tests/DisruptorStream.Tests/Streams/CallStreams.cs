using System.Diagnostics.Metrics;
using DisruptorStream.Streams;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Streams;

/// <summary>A stream of calls with three queries, and events of which every query makes something else.</summary>
internal static class CallStreams
{
    internal readonly record struct Call(long Time, string? Model, string Tenant, double Cost, int Status);

    /// <summary>Inline: "models" takes all, "errors" and "tenants" filter; two group by the same key.</summary>
    public static EventStream<Call> New(IMeterFactory? meters = null)
    {
        Func<Call, bool> isError = call => call.Status >= 500;
        var step = StreamProcessorBuilder.For<Call>()
            .EventTime(call => call.Time)
            .Measure("cost", call => call.Cost)
            .Key("model", call => call.Model)
            .Key("tenant", call => call.Tenant)
            .Query("models", query => query.By("model").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Count("count").Count("errors", isError)))
            .Query("errors", query => query.Where(isError).By("model").SessionWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Count("count")))
            .Query("tenants", query => query.Where(call => call.Cost > 1).By("tenant")
                .TumblingWindows(TimeSpan.FromTicks(10)).Aggregate(a => a.Sum("cost")))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline, AllowLateEvents = false })
            .WithTimeProvider(new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddHours(1)))
            .WithName("calls");
        return (meters is null ? step : step.WithMeterFactory(meters)).Build();
    }

    /// <summary>One event of each kind: taken, error, late, too far ahead, without a model.</summary>
    public static void PublishAll(EventStream<Call> calls)
    {
        calls.Publish(new Call(1, "m1", "acme", 2, 200));
        calls.Publish(new Call(12, "m2", "acme", 1, 500));
        calls.Publish(new Call(3, "m1", "acme", 2, 200));
        calls.Publish(new Call(TimeSpan.FromHours(3).Ticks, "m1", "acme", 2, 200));
        calls.Publish(new Call(13, null, "bolt", 3, 503));
    }
}
