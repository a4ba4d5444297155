using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Terminal;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Cli.Tests.Terminal;

public sealed class ProgressBarTests : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _clock = new();
    private readonly WatchedTerminal _terminal = new();

    [Fact]
    public void Read_GivesWhatIsDoneAndTheRateOfTheLastSeconds()
    {
        var meter = new ProgressMeter(_clock);
        var progress = new JobProgress { TotalBytes = 1_000_000_000 };
        for (var second = 0; second < 10; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            progress.Add(second < 5 ? 1_000_000 : 50_000_000);
            meter.Read(progress);
        }

        Assert.Equal("255 of 1,000 MB, 50 MB/s, 0 events/s", meter.Read(progress));
    }

    [Fact]
    public async Task ShowAsync_JobThatIsDoneAtOnce_DrawsNothing()
    {
        var result = await ProgressBar.ShowAsync(
            _terminal.Console, new JobProgress { TotalBytes = 10 }, _clock, () => Task.FromResult(7));

        Assert.Equal(7, result);
        Assert.Empty(_terminal.Output);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1_000_000_000L)]
    [InlineData(null)]
    public async Task ShowAsync_LongJob_DrawsItsProgressAndGivesItsResult(long? total)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var job = new TaskCompletionSource<int>();
        var progress = new JobProgress { TotalBytes = total };
        progress.Add(250_000_000);

        var shown = ProgressBar.ShowAsync(_terminal.Console, progress, _clock, () => job.Task);
        await _clock.AdvanceUntilAsync(
            Step, () => _terminal.Output.Contains("250", StringComparison.Ordinal), cancellation);
        job.SetResult(7);
        await _clock.AdvanceUntilAsync(Step, () => shown.IsCompleted, cancellation);

        Assert.Equal(7, await shown);
        Assert.Contains(total is null ? "250 MB" : "250 of 1,000 MB", _terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowAsync_JobThatFails_Fails()
    {
        var job = new TaskCompletionSource<int>();
        var shown = ProgressBar.ShowAsync(
            _terminal.Console, new JobProgress { TotalBytes = 5 }, _clock, () => job.Task);
        job.SetException(new IOException("gone"));

        await Assert.ThrowsAsync<IOException>(() => shown);
    }

    [Fact]
    public async Task ConsoleReport_WritesLines()
    {
        await using var report = new ConsoleReport(_terminal.Console);
        await report.WriteLineAsync("skipped [x], line 3");

        Assert.Contains("skipped [x], line 3", _terminal.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _terminal.Dispose();
}
