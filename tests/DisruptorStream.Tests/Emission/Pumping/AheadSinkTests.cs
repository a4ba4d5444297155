using DisruptorStream.Emission;
using DisruptorStream.Emission.Pumping;

namespace DisruptorStream.Tests.Emission.Pumping;

/// <summary>Where a whole write waits behind another one, it is announced, and comes next.</summary>
public sealed class AheadSinkTests
{
    private const int BatchSize = 64;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_WhatWasAnnounced_IsTheNextWrite(bool fails)
    {
        var sink = new AheadSink { FailsEachThird = fails };
        await RunAsync(sink, BatchSize, 64 * 40);

        Assert.Empty(sink.Wrong);
        Assert.True(sink.Announced > 10, $"Only {sink.Announced} writes were announced.");
        Assert.Equal(Enumerable.Range(0, (64 * 40) - 1).Select(number => (long)number), sink.Starts);
    }

    [Fact]
    public async Task Write_FewResultsInAWrite_AreNotAnnounced()
    {
        var sink = new AheadSink();
        await RunAsync(sink, BatchSize - 1, 64 * 40);

        Assert.Equal(0, sink.Announced);
        Assert.Equal(Enumerable.Range(0, (64 * 40) - 1).Select(number => (long)number), sink.Starts);
    }

    private static async Task RunAsync(AheadSink sink, int batchSize, int events)
    {
        await using var processor = Processors.Tumbling(1)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Fused) with { RingCapacity = 64 })
            .To(sink, new AsyncSinkOptions
            {
                BatchSize = batchSize,
                FailurePolicy = SinkFailurePolicy.Retry(5, TimeSpan.FromMilliseconds(1)),
            })
            .Build();
        processor.Start();
        for (var time = 0; time < events; time++)
            processor.Publish("key", time, 1);
        await processor.FlushAsync(Token);
    }

    private sealed class AheadSink : IAsyncResultSink<string>, IAheadSink<string>
    {
        private object? _announced;
        private object? _expected;
        private object? _present;
        private int _calls;

        public bool FailsEachThird { get; init; }

        public List<string> Wrong { get; } = [];

        public List<long> Starts { get; } = [];

        public int Announced { get; private set; }

        public void Announce(WindowResult<string>[] next)
        {
            if (next.Length < BatchSize)
                Wrong.Add($"{next.Length} results were announced.");
            if (_announced is not null)
                Wrong.Add("Two writes were announced at once.");
            _announced = next;
            Announced++;
        }

        public async ValueTask WriteAsync(
            IReadOnlyList<WindowResult<string>> results, CancellationToken cancellationToken)
        {
            if (!ReferenceEquals(results, _present))
            {
                if (_expected is not null && !ReferenceEquals(results, _expected))
                    Wrong.Add("Another write came than the one that was announced.");
                (_present, _expected, _announced) = (results, _announced, null);
            }

            if (FailsEachThird && ++_calls % 3 == 0)
                throw new IOException("the disk is full");

            // Time for the queue to fill.
            await Task.Delay(4, cancellationToken);
            foreach (var result in results)
                Starts.Add(result.Window.StartTicks);
        }
    }
}
