using DisruptorStream.Building;
using DisruptorStream.Emission;
using DisruptorStream.Rings;

namespace DisruptorStream.Tests;

/// <summary>Processors for tests: a tick is the unit of time, replays are allowed, nothing waits long.</summary>
internal static class Processors
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static StreamProcessorOptions Options(ExecutionMode mode) => new()
    {
        Mode = mode,
        FutureSkewLimit = null,
        LateEventThreshold = TimeSpan.Zero,
        WaitStrategy = WaitStrategyKind.Blocking,
    };

    public static WindowedStep<string> Tumbling(long size) =>
        StreamProcessorBuilder.ForKeys<string>().TumblingWindows(TimeSpan.FromTicks(size));

    public static BuildStep<string> Counting(
        this WindowedStep<string> step, ExecutionMode mode) =>
        step.Aggregate(a => a.Count("count")).WithOptions(Options(mode));

    /// <summary>Waits until something is so, which other threads bring about.</summary>
    /// <exception cref="OperationCanceledException">It was not so in time.</exception>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var guard = new CancellationTokenSource(Patience);
        while (!isSo())
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>
    /// Stops a processor that waits a short time only before it says that something holds it: a busy machine may hold
    /// it for longer.
    /// </summary>
    /// <exception cref="EngineHeldException">It was held for the whole of <see cref="Patience"/>.</exception>
    public static async Task StopPatientlyAsync(EventProcessor processor, StopMode mode)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await processor.StopAsync(mode);
                return;
            }
            catch (EngineHeldException) when (TimeProvider.System.GetElapsedTime(begun) < Patience)
            {
                // It goes on.
            }
        }
    }
}
