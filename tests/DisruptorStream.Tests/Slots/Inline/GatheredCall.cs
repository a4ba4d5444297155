using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Slots.Inline;

/// <summary>The events of tests of single events that wait for others.</summary>
internal readonly record struct GatheredCall(int Key, long Ticks, double Value)
{
    public const int Keys = 7;
    public const long Window = 1000;

    /// <summary>A processor of them that is started.</summary>
    public static StreamProcessor<GatheredCall, int> Build(ExecutionMode mode, CollectingSink<int> collector)
    {
        var processor = StreamProcessorBuilder.For<GatheredCall>()
            .KeyBy(static call => call.Key)
            .EventTime(static call => call.Ticks)
            .Measure("value", static call => call.Value)
            .TumblingWindows(TimeSpan.FromTicks(Window))
            .Aggregate(a => a.Count("count").Sum("sum"))
            .WithOptions(Processors.Options(mode))
            .To(collector)
            .Build();
        processor.Start();
        return processor;
    }

    public static Task<T> OnOtherThread<T>(Func<T> call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
