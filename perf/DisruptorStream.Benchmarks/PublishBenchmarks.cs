using BenchmarkDotNet.Attributes;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;

namespace DisruptorStream.Benchmarks;

/// <summary>An event from publish to its accumulator, on the caller's thread.</summary>
[MemoryDiagnoser]
public class PublishBenchmarks
{
    private const int Events = 4096;
    private const int Keys = 1000;

    private readonly KeyHandle[] _handles = new KeyHandle[Keys];
    private StreamProcessor<int> _processor = null!;
    private KeyedPublisher<int> _publisher = null!;
    private long _time;

    [GlobalSetup]
    public void Build()
    {
        _processor = StreamProcessorBuilder.ForKeys<int>()
            .TumblingWindows(TimeSpan.FromTicks(1_000_000))
            .AllowedLateness(TimeSpan.Zero)
            .Aggregate(a => a.Count("count").Sum("sum").Min("min").Max("max"))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
            .To(new IgnoringSink())
            .Build();
        _publisher = _processor.CreatePublisher("benchmark");
        for (var key = 0; key < Keys; key++)
            _handles[key] = _processor.GetKey(key);
    }

    [GlobalCleanup]
    public async Task Dispose() => await _processor.DisposeAsync();

    [Benchmark(OperationsPerInvoke = Events)]
    public void Claims()
    {
        for (var sent = 0; sent < Events;)
        {
            using var claim = _publisher.Claim(512);
            for (var i = 0; i < claim.Capacity; i++, sent++)
                claim.Add(_handles[sent % Keys], _time++, sent);
            claim.Publish();
        }
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public void OneByOne()
    {
        for (var sent = 0; sent < Events; sent++)
            _publisher.Publish(sent % Keys, _time++, sent);
    }

    private sealed class IgnoringSink : IResultSink<int>
    {
        public void OnResults(ResultBatch<int> batch)
        {
        }
    }
}
