using Spectre.Console;

namespace DisruptorStream.Cli.Live;

/// <summary>Runs the live demo for a while, on a terminal or as lines.</summary>
internal static class LiveRun
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    /// <param name="console">Where a table can be drawn; null for lines.</param>
    /// <param name="output">Where lines go.</param>
    /// <param name="callsPerSecond">How many calls come in.</param>
    /// <param name="length">How long it goes on; null for until it is cancelled.</param>
    /// <param name="clock">Gives the time of the calls.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(
        IAnsiConsole? console,
        TextWriter output,
        int callsPerSecond,
        TimeSpan? length,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await using var demo = new LiveDemo(callsPerSecond, clock.GetUtcNow());
        if (console is null)
        {
            await LoopAsync(demo, new LiveLines(output), length, clock, cancellationToken);
            return;
        }

        await new LiveDisplay(console, LiveTable.Render(demo, TimeSpan.Zero, length)).StartAsync(
            context => LoopAsync(demo, new LiveTable(context, length), length, clock, cancellationToken));
    }

    private static async Task LoopAsync(
        LiveDemo demo, LiveView view, TimeSpan? length, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (start, begin) = (clock.GetUtcNow(), clock.GetTimestamp());
        while (true)
        {
            var elapsed = clock.GetElapsedTime(begin);
            demo.AdvanceTo(start + elapsed);
            view.Show(demo, elapsed);
            if (elapsed >= length)
                return;
            await Task.Delay(Step, clock, cancellationToken);
        }
    }
}
