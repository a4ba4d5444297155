using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Building;

public sealed class WindowingStepTests
{
    [Theory]
    [InlineData(0, "The size of a window must be more than zero; it was 00:00:00.")]
    [InlineData(-10_000_000, "The size of a window must be more than zero; it was -00:00:01.")]
    [InlineData(
        long.MaxValue,
        "The size of a window must be at most 2668519.12:34:56.7890123; it was 10675199.02:48:05.4775807.")]
    public void TumblingWindows_SizeOutOfRange_NamesTheBoundThatIsPassed(long ticks, string expected)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => StreamProcessorBuilder.ForKeys<string>().TumblingWindows(TimeSpan.FromTicks(ticks)));

        Assert.StartsWith(Known(expected), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SessionWindows_GapOfZero_NamesTheGap()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => StreamProcessorBuilder.ForKeys<string>().SessionWindows(TimeSpan.Zero));

        Assert.StartsWith(
            "The gap of a window must be more than zero; it was 00:00:00.", error.Message, StringComparison.Ordinal);
    }

    private static string Known(string text) => text.Replace(
        "2668519.12:34:56.7890123", TimeSpan.FromTicks(SliceGrid.MaxSizeTicks).ToString(), StringComparison.Ordinal);
}
