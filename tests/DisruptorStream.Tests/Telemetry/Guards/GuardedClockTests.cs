namespace DisruptorStream.Tests.Telemetry.Guards;

public sealed class GuardedClockTests
{
    [Fact]
    public async Task Start_ClockMakesNoTimer_NamesTheClock()
    {
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused)
            .WithTimeProvider(new ClockWithoutTimers()).Build();

        var error = Assert.ThrowsAny<Exception>(processor.Start);

        Assert.Contains(
            "The clock GuardedClockTests.ClockWithoutTimers returned null from CreateTimer; return a timer.",
            error.ToString(),
            StringComparison.Ordinal);
    }

    private sealed class ClockWithoutTimers : TimeProvider
    {
        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => null!;
    }
}
