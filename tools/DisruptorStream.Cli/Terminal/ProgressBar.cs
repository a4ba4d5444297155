using DisruptorStream.Cli.Jobs;
using Spectre.Console;

namespace DisruptorStream.Cli.Terminal;

/// <summary>Shows how far a job has come, its rate and the time that remains, and takes it away at the end.</summary>
internal static class ProgressBar
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs the job, and shows its progress once it has taken a moment.</summary>
    /// <param name="console">Where the bar is drawn.</param>
    /// <param name="progress">What the job reports to.</param>
    /// <param name="clock">Measures the rate.</param>
    /// <param name="job">The job; runs on another thread.</param>
    public static async Task<T> ShowAsync<T>(
        IAnsiConsole console, JobProgress progress, TimeProvider clock, Func<Task<T>> job)
    {
        var meter = new ProgressMeter(clock);
        var running = Task.Run(job);
        if (await Task.WhenAny(running, Task.Delay(Patience, clock)).ConfigureAwait(false) == running)
            return await running.ConfigureAwait(false);

        ProgressColumn[] columns = progress.TotalBytes is null
            ? [new SpinnerColumn(), new TaskDescriptionColumn(), new ElapsedTimeColumn()]
            : [new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn()];
        return await new Progress(console, clock) { AutoClear = true, ExcludeVerticalPadding = true }.Columns(columns)
            .StartAsync(
                async context =>
                {
                    var task = context.AddTask(meter.Read(progress), maxValue: progress.TotalBytes ?? 1);
                    task.IsIndeterminate = progress.TotalBytes is null;
                    while (await Task.WhenAny(running, Task.Delay(Refresh, clock)).ConfigureAwait(false) != running)
                    {
                        task.Description = meter.Read(progress);
                        if (progress.TotalBytes is { } total)
                            task.Value = Math.Min(progress.ReadBytes, total);
                    }

                    return await running.ConfigureAwait(false);
                })
            .ConfigureAwait(false);
    }
}
