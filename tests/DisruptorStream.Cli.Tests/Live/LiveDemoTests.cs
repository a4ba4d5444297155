using DisruptorStream.Cli.Live;
using DisruptorStream.Cli.Tests.Terminal;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console.Testing;

namespace DisruptorStream.Cli.Tests.Live;

public sealed class LiveDemoTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task AdvanceTo_AMinute_FindsTheSlowModelAndNoOther()
    {
        await using var demo = new LiveDemo(500, Start);
        demo.AdvanceTo(Start.AddSeconds(60));

        Assert.Equal(["large", "reasoning", "small", "vision"], demo.Board.Rows.Select(row => row.Key));
        Assert.Single(demo.Board.Rows, row => row.Anomalies > 0);
        Assert.All(demo.Board.Rows, row => Assert.True(row.P50 < row.P95 && row.P95 < row.P99));
        Assert.InRange(demo.Board.Rows.Sum(row => row.Rate), 499, 501);
    }

    [Fact]
    public async Task Render_ATable_HasARowForEachModel()
    {
        await using var demo = new LiveDemo(500, Start);
        demo.AdvanceTo(Start.AddSeconds(20));
        using var console = new TestConsole().Width(120);

        console.Write(LiveTable.Render(demo, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60)));

        foreach (var text in new[] { "reasoning", "p99 ms", "anomalies", "10,001 calls", "20 of 60 s" })
            Assert.Contains(text, console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_Lines_WritesEachWindowOnce()
    {
        await using var demo = new LiveDemo(500, Start);
        await using var output = new StringWriter();
        var lines = new LiveLines(output);
        demo.AdvanceTo(Start.AddSeconds(1.5));
        lines.Show(demo, TimeSpan.FromSeconds(1.5));
        lines.Show(demo, TimeSpan.FromSeconds(1.6));

        Assert.Equal(4, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.StartsWith("12:00:01  large ", output.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task RunAsync_ForSomeSeconds_EndsByItself()
    {
        var clock = new FakeTimeProvider(Start) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(300) };
        await using var output = new StringWriter();
        var run = LiveRun.RunAsync(
            null, output, 100, TimeSpan.FromSeconds(5), clock, TestContext.Current.CancellationToken);
        await clock.AdvanceUntilAsync(Step, () => run.IsCompleted, TestContext.Current.CancellationToken);

        await run;
        Assert.Contains("12:00:03", output.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task RunAsync_OnATerminal_RedrawsTheTable()
    {
        await using var terminal = new WatchedTerminal();
        using var cancellation =
            CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var clock = new FakeTimeProvider(Start) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(300) };
        var run = LiveRun.RunAsync(terminal.Console, TextWriter.Null, 100, null, clock, cancellation.Token);
        await clock.AdvanceUntilAsync(
            Step,
            () => terminal.Output.Contains("reasoning", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }
}
