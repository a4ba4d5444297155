using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Cli.Tests;

internal static class FakeClocks
{
    /// <summary>
    /// Moves the clock on, step by step, until what waits for it is done or the test is given up.
    /// </summary>
    public static async Task AdvanceUntilAsync(
        this FakeTimeProvider clock, TimeSpan step, Func<bool> isDone, CancellationToken cancellationToken)
    {
        while (!isDone())
        {
            cancellationToken.ThrowIfCancellationRequested();
            clock.Advance(step);
            await Task.Yield();
        }
    }
}
