using System.Globalization;
using System.Text;
using CsCheck;
using DisruptorStream.Building;
using DisruptorStream.Building.Streams;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;

namespace DisruptorStream.Generators.Tests.Fields;

/// <summary>Events that say themselves how they are read give what selectors give, bit for bit.</summary>
public sealed class GeneratedEventProperties
{
    private static readonly string?[] Names = ["a", "b", "c", "", null];

    private static readonly Gen<Reading> AnyReading = Gen.Select(
        Gen.Frequency((20, Gen.Long[0, 100]), (1, Gen.Long)),
        Gen.Int[0, 9].Select(name => Names[Math.Max(0, name - 5)]),
        Gen.Frequency((40, Gen.Int[0, 3]), (1, Gen.Const(Reading.Throws))),
        Gen.Frequency((20, Gen.Double[-4, 4]), (1, Gen.Const(double.NaN)), (1, Gen.Const(-0.0))),
        Gen.Long[-5, 5],
        Gen.Single[-2, 2]).Select(one => new Reading(one.Item1, one.Item2, one.Item3, one.Item4, one.Item5, one.Item6));

    private static readonly Gen<(Reading[] Readings, int Batch, ExecutionMode Mode)> AnyCase = Gen.Select(
        AnyReading.Array[0, 400],
        Gen.OneOf(Gen.Const(1), Gen.Const(3), Gen.Const(64), Gen.Const(300)),
        Gen.Enum<ExecutionMode>());

    /// <summary>A processor by the text key and one by the integer, in windows of any kind.</summary>
    [Fact]
    public Task Processor_AnyEvents_GivesWhatSelectorsGive() => Gen.Select(AnyCase, Gen.Int[0, 2]).SampleAsync(
        async (one, kind) =>
        {
            var marked = StreamProcessorBuilder.ForStreamEvents<Reading>();
            Assert.Equal(
                await RunAsync(EventForms.Selected(), kind, one), await RunAsync(marked.KeyBy("model"), kind, one));
            var byDevice = StreamProcessorBuilder.For<Reading>().KeyBy(reading => reading.Device)
                .EventTime(reading => reading.Milliseconds, Events.EventTimeUnit.Milliseconds)
                .Measure("latency", reading => reading.Latency)
                .Measure("tokens", reading => reading.Tokens)
                .Measure("load", reading => (double)reading.Load)
                .Measure("checked", reading => (long)reading.Checked);
            Assert.Equal(
                await RunAsync(byDevice, kind, one), await RunAsync(marked.KeyBy<int>("device"), kind, one));
        },
        iter: 60);

    [Fact]
    public Task Stream_AnyEvents_GivesWhatSelectorsGive() => AnyCase.SampleAsync(
        async one =>
        {
            var marked = StreamProcessorBuilder.ForStreamEvents<Reading>();
            Assert.Equal(await RunAsync(EventForms.SelectedStream(), one), await RunAsync(marked, one));
        },
        iter: 60);

    private static async Task<string> RunAsync<TKey>(
        MeasuresStep<Reading, TKey> events, int kind, (Reading[] Readings, int Batch, ExecutionMode Mode) one)
        where TKey : notnull
    {
        var windows = kind switch
        {
            0 => events.TumblingWindows(TimeSpan.FromMilliseconds(10)),
            1 => events.SlidingWindows(TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(10)),
            _ => events.SessionWindows(TimeSpan.FromMilliseconds(5)),
        };
        await using var processor = windows
            .Aggregate(a => a.Count("n").Sum("latency").Min("tokens").Max("load").Sum("checked"))
            .WithOptions(OptionsOf(one.Mode)).Build();
        processor.Start();
        using var publisher = processor.CreateEventPublisher("events");
        var text = new StringBuilder();
        Publish(publisher, one.Readings, one.Batch, text);
        await processor.StopAsync(StopMode.Complete);
        while (processor.TryReadResult(out var result))
            Add(text, in result);
        var stats = processor.GetStats();
        return text.Append(stats.EventsProcessed).Append(' ').Append(stats.EventsDropped).ToString();
    }

    private static async Task<string> RunAsync(
        StreamEventsStep<Reading> events, (Reading[] Readings, int Batch, ExecutionMode Mode) one)
    {
        await using var stream = EventForms.Queries(events).WithOptions(OptionsOf(one.Mode)).Build();
        stream.Start();
        using var publisher = stream.CreateEventPublisher("events");
        var text = new StringBuilder();
        Publish(publisher, one.Readings, one.Batch, text);
        await stream.StopAsync(StopMode.Complete);
        while (stream.Query<string>("models").TryReadResult(out var model))
            Add(text, in model);
        while (stream.Query<int>("devices").TryReadResult(out var device))
            Add(text, in device);
        while (stream.Query<(string, int)>("both").TryReadResult(out var both))
            Add(text, in both);
        return text.Append(stream.GetStats().EventsProcessed).ToString();
    }

    /// <summary>Publishes all, behind those that are refused as well, and says which they are.</summary>
    private static void Publish(EventPublisher<Reading> publisher, Reading[] readings, int batch, StringBuilder text)
    {
        for (var at = 0; at < readings.Length;)
        {
            var next = readings.AsSpan(at, Math.Min(batch, readings.Length - at));
            var done = 0;
            try
            {
                if (batch == 1)
                    publisher.Publish(in next[0]);
                else
                    publisher.Publish(next);
                at += next.Length;
            }
            catch (Exception thrown) when (thrown is ArgumentException or TimeoutException)
            {
                done = batch == 1 ? 0 : PublishedCount.Of(thrown);
                text.Append(CultureInfo.InvariantCulture, $"{thrown.GetType().Name} at {at + done}\n");
                at += done + 1;
            }
        }
    }

    private static void Add<TKey>(StringBuilder text, in WindowResult<TKey> result)
    {
        text.Append(CultureInfo.InvariantCulture, $"{result.Key} {result.Window} {result.Timing}");
        foreach (var bits in result.RawValues)
            text.Append(' ').Append(bits);
        text.Append('\n');
    }

    private static StreamProcessorOptions OptionsOf(ExecutionMode mode) =>
        new() { Mode = mode, FutureSkewLimit = null, ResultBufferSize = 10_000 };
}
