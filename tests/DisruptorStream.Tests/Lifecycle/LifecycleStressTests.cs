using System.Globalization;

namespace DisruptorStream.Tests.Lifecycle;

/// <summary>
/// Random calls from four threads: no crash, no call that never returns, no accepted event that nobody knows of.
/// </summary>
public sealed class LifecycleStressTests
{
    /// <summary>Sets the number of rounds in each mode.</summary>
    private const string RoundsVariable = "DISRUPTORSTREAM_LIFECYCLE_ROUNDS";

    private const int Threads = 4;

    private static int Rounds => int.TryParse(
        Environment.GetEnvironmentVariable(RoundsVariable), CultureInfo.InvariantCulture, out var rounds)
        ? rounds
        : 34;

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task AnyCalls_FromFourThreads_EndAndLoseNothing(ExecutionMode mode)
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var round = new StressRound(mode, seed);
            try
            {
                await round.RunAsync(Threads);
                round.Check();
                Assert.True(round.Longest < Target.Patience, $"A call took {round.Longest}.");
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Round {seed}, {mode}: {exception.Message}", exception);
            }
            finally
            {
                await round.DisposeAsync().AsTask().WaitAsync(2 * Target.Patience);
            }
        }
    }
}
