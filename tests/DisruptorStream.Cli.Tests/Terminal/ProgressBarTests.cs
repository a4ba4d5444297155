using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Terminal;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console.Testing;

namespace DisruptorStream.Cli.Tests.Terminal;

public sealed class ProgressBarTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly TestConsole _console = new TestConsole().Interactive().EmitAnsiSequences().Width(150);

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
            _console, new JobProgress { TotalBytes = 10 }, _clock, () => Task.FromResult(7));

        Assert.Equal(7, result);
        Assert.Empty(_console.Output);
    }

    [Theory]
    [InlineData(1_000_000_000L)]
    [InlineData(null)]
    public async Task ShowAsync_LongJob_DrawsItsProgressAndGivesItsResult(long? total)
    {
        var job = new TaskCompletionSource<int>();
        var progress = new JobProgress { TotalBytes = total };
        progress.Add(250_000_000);

        var shown = ProgressBar.ShowAsync(_console, progress, _clock, () => job.Task);
        await AdvanceUntilAsync(() => _console.Output.Contains("250", StringComparison.Ordinal));
        job.SetResult(7);
        while (!shown.IsCompleted)
            await AdvanceAsync();

        Assert.Equal(7, await shown);
        Assert.Contains(total is null ? "250 MB" : "250 of 1,000 MB", _console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowAsync_JobThatFails_Fails()
    {
        var job = new TaskCompletionSource<int>();
        var shown = ProgressBar.ShowAsync(_console, new JobProgress { TotalBytes = 5 }, _clock, () => job.Task);
        job.SetException(new IOException("gone"));

        await Assert.ThrowsAsync<IOException>(() => shown);
    }

    [Fact]
    public async Task ConsoleReport_WritesLines()
    {
        await using var report = new ConsoleReport(_console);
        await report.WriteLineAsync("skipped [x], line 3");

        Assert.Contains("skipped [x], line 3", _console.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _console.Dispose();

    private async Task AdvanceUntilAsync(Func<bool> isDone)
    {
        while (!isDone())
            await AdvanceAsync();
    }

    private async Task AdvanceAsync()
    {
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        await Task.Yield();
    }
}
