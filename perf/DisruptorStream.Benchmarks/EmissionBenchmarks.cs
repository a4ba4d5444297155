using BenchmarkDotNet.Attributes;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;

namespace DisruptorStream.Benchmarks;

/// <summary>A pane from its accumulator to the sink: each event closes a window with one pane.</summary>
[MemoryDiagnoser]
public class EmissionBenchmarks
{
    private const int Panes = 1024;

    private readonly SummingSink _sink = new();
    private readonly KeyedEvent[] _events = new KeyedEvent[Panes];
    private StreamProcessor<int> _processor = null!;
    private KeyedPublisher<int> _publisher = null!;
    private KeyHandle _key = null!;
    private long _time;

    [GlobalSetup]
    public void Build()
    {
        _processor = StreamProcessorBuilder.ForKeys<int>()
            .TumblingWindows(TimeSpan.FromTicks(1))
            .AllowedLateness(TimeSpan.Zero)
            .Aggregate(a => a.Count("count").Sum("sum").Min("min").Max("max").Average("avg"))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
            .To(_sink)
            .Build();
        _processor.Start();
        _publisher = _processor.CreatePublisher("benchmark");
        _key = _processor.GetKey(1);
    }

    [GlobalCleanup]
    public async Task Dispose() => await _processor.DisposeAsync();

    [Benchmark(OperationsPerInvoke = Panes)]
    public double EventToResult()
    {
        for (var i = 0; i < Panes; i++)
            _events[i] = new KeyedEvent(_key, _time++, i);
        _publisher.Publish(_events);
        return _sink.Sum;
    }

    private sealed class SummingSink : IResultSink<int>
    {
        public double Sum { get; private set; }

        public void OnResults(ResultBatch<int> batch)
        {
            foreach (var result in batch)
                Sum += result.GetDouble(1);
        }
    }
}
