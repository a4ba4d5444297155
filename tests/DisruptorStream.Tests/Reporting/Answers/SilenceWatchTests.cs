using DisruptorStream.Tests.Telemetry;
using DisruptorStream.Watermarks;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Reporting.Answers;

public sealed class SilenceWatchTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddHours(1));
    private readonly LineLogger _log = new();

    private int Lines => _log.Lines.Count(line => line.StartsWith("17 ", StringComparison.Ordinal));

    [Fact]
    public void Look_WindowsAreOpenAndNothingMoves_LogsAtGrowingIntervals()
    {
        var processor = Build(ExecutionMode.Inline, quiet: null);
        processor.Publish("a", 3, 1);
        var lines = new List<int>();
        for (var second = 0; second <= 200; second += 5)
        {
            var before = Lines;
            processor.Advance();
            if (Lines > before)
                lines.Add(second);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal([10, 20, 40, 80, 160], lines);
    }

    [Fact]
    public void Look_ALineIsDue_SaysWhatWaitsForWhatAndWhatToDo()
    {
        var processor = Build(ExecutionMode.Inline, quiet: null);
        processor.Publish("a", TimeSpan.FromHours(1).Ticks, 1);
        processor.Advance();
        _time.Advance(TimeSpan.FromSeconds(10));
        processor.Advance();
        Assert.StartsWith(
            "17 Processor 'calls': no result, and nothing moves: 1 window is open until 01:00:00.000001, and "
            + "the watermark is "
            + "01:00:00, held by 'default'; no event for 10 s. The first window fires when",
            _log.Lines.Last(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Look_SomethingMoves_LogsNothing()
    {
        var processor = Build(ExecutionMode.Inline, quiet: TimeSpan.FromSeconds(5));
        processor.Publish("a", 3, 1);
        for (var second = 0; second < 100; second++)
        {
            processor.Advance();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, Lines);
    }

    [Fact]
    public async Task Look_AProcessorWithThreads_LooksByATimerThatEndsWithIt()
    {
        await using var processor = Build(ExecutionMode.Fused, quiet: null);
        processor.Start();
        processor.Publish("a", 3, 1);
        await processor.FlushAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, Lines);
        await processor.StopAsync(StopMode.Drain, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, Lines);
    }

    private StreamProcessor<string> Build(ExecutionMode mode, TimeSpan? quiet) => Processors.Tumbling(10)
        .Watermarks(new WatermarkOptions { AdvanceWhenQuiet = quiet })
        .Counting(mode).WithName("calls").WithTimeProvider(_time).WithLogger(_log).Build();
}
