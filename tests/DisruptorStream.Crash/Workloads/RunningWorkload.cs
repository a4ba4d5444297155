namespace DisruptorStream.Crash.Workloads;

/// <summary>A processor of a workload, and the way to publish to it.</summary>
internal sealed class RunningWorkload : IAsyncDisposable
{
    private readonly Func<Action<Reading>> _newPublisher;

    /// <param name="processor">The processor, as it was built.</param>
    /// <param name="newPublisher">Makes what publishes.</param>
    public RunningWorkload(EventProcessor processor, Func<Action<Reading>> newPublisher)
    {
        Processor = processor;
        _newPublisher = newPublisher;
        Next = (int)processor.GetStats().EventsProcessed;
    }

    public EventProcessor Processor { get; }

    /// <summary>The first event that it has not handled; before it is started, the first one that is lost.</summary>
    public int Next { get; }

    /// <summary>Publishes events, and stops.</summary>
    /// <param name="workload">What is published.</param>
    /// <param name="end">Behind the last event.</param>
    /// <param name="stop">How it ends.</param>
    public async Task RunAsync(Workload workload, int end, StopMode stop)
    {
        if (workload.Mode != ExecutionMode.Inline)
            Processor.Start();
        var publish = _newPublisher();
        for (var number = Next; number < end; number++)
        {
            publish(Reading.Of(workload.Seed, number));
            if (number % workload.EventsPerPause == 0)
                Thread.Sleep(1);
        }

        await Processor.StopAsync(stop);
    }

    public ValueTask DisposeAsync() => Processor.DisposeAsync();
}
