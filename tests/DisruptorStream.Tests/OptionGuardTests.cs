using DisruptorStream.Messages;

namespace DisruptorStream.Tests;

public sealed class OptionGuardTests
{
    [Theory]
    [InlineData(950, "A percentile must be 0, or from 1 to 100 (99.9, for example); it was 950.")]
    [InlineData(-1, "A percentile must be 0, or from 1 to 100 (99.9, for example); it was -1.")]
    [InlineData(0.95, "A percentile must be 0, or from 1 to 100 (99.9, for example); it was 0.95; did you mean 95?")]
    public void Percentile_OutOfRange_SaysTheRangeAndTheValue(double percentile, string expected)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => OptionGuard.Percentile(percentile, "percentile"));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }
}
