using System.Text;
using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Texts.Utf8;

/// <summary>Keys that come as bytes in UTF-8, one by one, beside a dictionary of their characters.</summary>
internal static class Utf8Runs
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TextPart Of(int events)
    {
        var names = Array.ConvertAll(TextCalls.Names(TextCalls.Keys), Encoding.UTF8.GetBytes);
        var calls = Array.ConvertAll(
            TextCalls.Generate(events), call => new Utf8Call(names[call.Key], call.Ticks, call.Value));
        return new TextPart
        {
            Name = "UTF-8",
            Own = Of("dictionary", () => Utf8Dictionary.Run(calls, Second)),
            Engine =
            [
                (Of("Inline, singles", () => Run(names, calls, ExecutionMode.Inline)), 0.6),
                (Of("Fused, singles", () => Run(names, calls, ExecutionMode.Fused)), 0.5),
            ],
        };
    }

    private static Lap Run(byte[][] names, Utf8Call[] calls, ExecutionMode mode)
    {
        var sink = new CallDigest<string>(TextCalls.NumberOf);
        var processor = StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(Second)
            .Aggregate(a => a.Count("count").Sum("sum").Min("min").Max("max").Average("avg"))
            .WithOptions(new StreamProcessorOptions { Mode = mode, FutureSkewLimit = null })
            .To(sink)
            .Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("load");
        foreach (var name in names)
            publisher.Publish(name.AsSpan(), -TimeSpan.TicksPerHour, 0);
        publisher.AdvanceWatermark(0);
        processor.FlushAsync().AsTask().GetAwaiter().GetResult();
        sink.StartOver();
        var lap = Lap.Of(
            calls.Length,
            () =>
            {
                foreach (ref readonly var call in calls.AsSpan())
                    publisher.Publish(call.Key.AsSpan(), call.Ticks, call.Value);
                processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
            },
            () => (sink.Digest.Results, sink.Digest.Sum));
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return lap;
    }

    private static Contestant Of(string name, Func<Lap> run) => new() { Name = name, Run = run };
}
