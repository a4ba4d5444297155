using DisruptorStream.Watermarks;

namespace DisruptorStream.Cli.Live;

/// <summary>A simulated gateway, and the engine over it: windows of ten seconds, every second.</summary>
/// <remarks>All on the thread that advances it.</remarks>
internal sealed class LiveDemo : IAsyncDisposable
{
    private const int Seed = 20_231_116;

    private readonly SimulatedGateway _gateway;
    private readonly StreamProcessor<string> _processor;

    /// <param name="callsPerSecond">How many calls come in.</param>
    /// <param name="start">When the first comes.</param>
    public LiveDemo(int callsPerSecond, DateTimeOffset start)
    {
        _gateway = new SimulatedGateway(callsPerSecond, start, Seed);
        _processor = StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1))
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.Zero })
            .Aggregate(a => a.Count("calls").Rate("rate")
                .Percentile("p50", 50).Percentile("p95", 95).Percentile("p99", 99))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
            .To(Board)
            .Build();
        _processor.Start();
    }

    public LiveBoard Board { get; } = new();

    public ProcessorStats Stats => _processor.GetStats();

    /// <summary>Publishes the calls up to a time.</summary>
    public void AdvanceTo(DateTimeOffset now)
    {
        foreach (var call in _gateway.Until(now))
            _processor.Publish(call.Model, call.Time, call.Milliseconds);
    }

    public ValueTask DisposeAsync() => _processor.DisposeAsync();
}
