using DisruptorStream.Building;
using DisruptorStream.Emission;
using DisruptorStream.Sources;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Sources;

/// <summary>What becomes of a reader in each state of its processor.</summary>
public sealed class ReaderStateTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("reader-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(StopMode.Drain)]
    [InlineData(StopMode.Complete)]
    [InlineData(StopMode.Suspend)]
    [InlineData(StopMode.Abort)]
    public async Task StopAsync_AnyMode_EndsTheReader(StopMode stop)
    {
        await using var processor = Step(new CollectingSink<string>())
            .ReadFrom("a", (ISeekableSource<Reading>)new ListSource(new Reading(1, "x", 1)))
            .DurableIn(_directory)
            .Build();
        Assert.Equal(SourceReaderState.Created, StateOf(processor));
        processor.Start();
        await Processors.UntilAsync(() => StateOf(processor) == SourceReaderState.Reading
            && processor.GetStats().Readers[0].EventsPublished == 1);
        await processor.StopAsync(stop, Token);
        await Processors.UntilAsync(() => StateOf(processor) == SourceReaderState.Stopped);

        await processor.DisposeAsync();
        Assert.Equal(SourceReaderState.Stopped, StateOf(processor));
    }

    /// <summary>What it has given stays given, whatever comes.</summary>
    [Fact]
    public async Task StopAsync_ASourceThatHasEnded_StaysCompleted()
    {
        await using var processor = Step(new CollectingSink<string>())
            .ReadFrom("a", (ISeekableSource<Reading>)new ListSource(new Reading(1, "x", 1)) { Ends = true })
            .Build();
        processor.Start();
        await Processors.UntilAsync(() => StateOf(processor) == SourceReaderState.Completed);
        await processor.StopAsync(StopMode.Drain, Token);
        await processor.DisposeAsync();

        Assert.Equal(SourceReaderState.Completed, StateOf(processor));
    }

    [Fact]
    public async Task Completion_AfterAFailure_TheReaderIsStopped()
    {
        await using var processor = Step(new Failing())
            .ReadFrom("a", (ISeekableSource<Reading>)new ListSource(
                [.. Enumerable.Range(0, 5_000).Select(at => new Reading(at, "x", 1))]))
            .Build();
        processor.Start();

        await Assert.ThrowsAsync<PipelineException>(() => processor.Completion.WaitAsync(Processors.Patience, Token));
        await Processors.UntilAsync(() => StateOf(processor) == SourceReaderState.Stopped);
        Assert.Throws<PipelineException>(() => processor.Publish(new Reading(1, "x", 1)));
    }

    /// <summary>A ring that stays full is no fault of the source: it waits, says why, and goes on.</summary>
    [Fact]
    public async Task ReadFrom_NobodyReadsTheResults_WaitsAndGoesOn()
    {
        var readings = Enumerable.Range(0, 500).Select(at => new Reading(at, "x", 1)).ToArray();
        await using var processor = Step(sink: null)
            .ChangeOptions(options => options with
            {
                RingCapacity = 64,
                ResultBufferSize = 4,
                ShutdownTimeout = TimeSpan.FromMilliseconds(100),
            })
            .ReadFrom(
                "a",
                (ISeekableSource<Reading>)new ListSource(readings) { Ends = true },
                new SourceOptions { RetryDelay = TimeSpan.FromMilliseconds(1) })
            .Build();
        processor.Start();
        await Processors.UntilAsync(() => processor.GetStats().Readers[0].ConsecutiveFailures > 0);
        var failure = processor.GetStats().Readers[0].LastFailure;
        Assert.StartsWith("ResultBufferFullException", failure, StringComparison.Ordinal);

        var results = 0;
        await foreach (var result in processor.ReadResultsAsync(Token))
        {
            Assert.Equal(1, result["count"]);
            if (++results == 500)
                break;
        }

        Assert.Equal(SourceReaderState.Completed, StateOf(processor));
    }

    private static SourceReaderState StateOf(EventProcessor processor) => processor.GetStats().Readers[0].State;

    private static BuildStep<Reading, string> Step(IResultSink<string>? sink)
    {
        var step = StreamProcessorBuilder.For<Reading>()
            .KeyBy(reading => reading.Key)
            .EventTime(reading => reading.Ticks)
            .TumblingWindows(TimeSpan.FromTicks(1))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Fused) with { ShutdownTimeout = Processors.Patience });
        return sink is null ? step : step.To(sink);
    }

    private sealed class Failing : IResultSink<string>
    {
        public void OnResults(ResultBatch<string> batch) => throw new IOException("The disk is full.");
    }
}
