using DisruptorStream.Building;
using DisruptorStream.Building.Replays;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Recording;
using DisruptorStream.Emission;

namespace DisruptorStream.Tests.Durability.Recording;

/// <summary>A sink that fails names the slot whose results it refused, live and in a replay.</summary>
public sealed class FaultSequenceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fault-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>All events are published at once, so the thread has handled many slots more by then.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Sequence_SinkThatFails_IsThatOfTheResults(ExecutionMode mode)
    {
        FlightDump? dump;
        PipelineException live;
        await using (var processor = Step(mode).To(new Failing()).RecordTo(_directory).Build())
        {
            processor.Start();
            live = await Assert.ThrowsAsync<PipelineException>(async () =>
            {
                Publish(processor);
                await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
            });
            await Assert.ThrowsAsync<PipelineException>(() => processor.Completion);
            dump = processor.FlightRecorder!.GetStats().LastDump;
        }

        var again = Assert.Throws<PipelineException>(
            () => Replay.Run(dump!.Directory, Step(ExecutionMode.Inline).To(new Failing())));

        Assert.Equal(Assert.IsType<SinkException>(live.InnerException).LastSequence, live.Sequence);
        Assert.Equal(Assert.IsType<SinkException>(again.InnerException).LastSequence, again.Sequence);
        Assert.Contains($"failed at sequence {live.Sequence} ", live.Message, StringComparison.Ordinal);

        // The state before is all right.
        var before = new ReplayOptions { Until = ((SinkException)again.InnerException!).FirstSequence - 1 };
        Replay.Run(dump!.Directory, Step(ExecutionMode.Inline).To(new Failing()), before);
    }

    private static void Publish(StreamProcessor<string> processor)
    {
        using var batch = processor.Claim(100);
        for (var at = 0; at < 100; at++)
            batch.Add("a", at * 10L, at);
        batch.Publish();
    }

    private static BuildStep<string> Step(ExecutionMode mode) => StreamProcessorBuilder.ForKeys<string>()
        .TumblingWindows(TimeSpan.FromTicks(100))
        .AllowedLateness(TimeSpan.Zero)
        .Aggregate(a => a.Sum("sum"))
        .WithOptions(Processors.Options(mode));

    private sealed class Failing : IResultSink<string>
    {
        public void OnResults(ResultBatch<string> batch)
        {
            foreach (var result in batch)
            {
                if (result["sum"] > 300)
                    throw new InvalidOperationException("too much");
            }
        }
    }
}
