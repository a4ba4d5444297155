using System.Diagnostics;
using DisruptorStream.Emission;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Pipeline.Lifecycle;

/// <summary>A wait for a held engine ends, whatever else goes on beside what is waited for.</summary>
public sealed class EngineWatchTests
{
    private static readonly TimeSpan StallLimit = TimeSpan.FromMilliseconds(150);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ExecutionMode.Inline, "ticks")]
    [InlineData(ExecutionMode.Inline, "events")]
    [InlineData(ExecutionMode.Fused, "ticks")]
    [InlineData(ExecutionMode.Fused, "events")]
    [InlineData(ExecutionMode.Staged, "ticks")]
    [InlineData(ExecutionMode.Staged, "events")]
    public async Task FlushAsync_ASinkIsHeldAndSlotsKeepComing_EndsAndSaysWhy(ExecutionMode mode, string slots)
    {
        using var sink = new GatedSink<string>();
        await using var processor = Build(mode, bufferSize: 16, sink);
        processor.Start();
        processor.Publish("a", 1, 1);
        var firing = Task.Run(() => processor.Publish("a", 2, 1), Token);
        await sink.WaitForCallAsync(cancellationToken: Token);

        var failure = await FlushWhileSlotsComeAsync(processor, slots);
        sink.Open();
        await firing.WaitAsync(Processors.Patience, Token);

        // Inline there is nothing to wait for: a second call is refused.
        if (mode == ExecutionMode.Inline)
            Assert.IsType<InvalidOperationException>(failure);
        else
            Assert.Contains(nameof(GatedSink<string>), Assert.IsType<EngineHeldException>(failure).Message);
    }

    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task FlushAsync_AReaderReadsNoMoreAndTheClockTicks_EndsAndSaysSo(ExecutionMode mode)
    {
        await using var processor = Build(mode, bufferSize: 1);
        await using var reader = processor.ReadResultsAsync(Token).GetAsyncEnumerator(Token);
        processor.Start();
        for (var time = 1; time < 6; time++)
            processor.Publish("a", time, 1);
        Assert.True(await reader.MoveNextAsync());

        var failure = await FlushWhileSlotsComeAsync(processor, "ticks");

        Assert.IsType<ResultBufferFullException>(failure);
    }

    private static StreamProcessor<string> Build(
        ExecutionMode mode, int bufferSize, params IResultSink<string>[] sinks)
    {
        var step = Processors.Tumbling(1).Aggregate(a => a.Count("count")).WithOptions(
            Processors.Options(mode) with { ShutdownTimeout = StallLimit, ResultBufferSize = bufferSize });
        foreach (var sink in sinks)
            step = step.To(sink);
        return step.Build();
    }

    /// <summary>What a flush ends with while slots come at a pace at which no ring fills.</summary>
    private static async Task<Exception?> FlushWhileSlotsComeAsync(StreamProcessor<string> processor, string slots)
    {
        var flush = Task.Run(() => processor.FlushAsync(Token).AsTask(), Token);
        var begun = Stopwatch.GetTimestamp();
        while (!flush.IsCompleted && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(5))
        {
            if (slots == "ticks")
                Record.Exception(processor.Advance);
            else
                Record.Exception(() => processor.TryPublish("b", 2, 1));
            await Task.WhenAny(flush, Task.Delay(5, Token));
        }

        Assert.True(flush.IsCompleted, "The flush still waits.");
        return await Record.ExceptionAsync(() => flush);
    }
}
