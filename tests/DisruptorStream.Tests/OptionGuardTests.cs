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

    [Theory]
    [InlineData(100)]
    [InlineData(63)]
    [InlineData(0)]
    [InlineData(1 << 27)]
    public void RingCapacity_NoPowerOfTwoInTheRange_SaysTheRangeAndTheValue(int slots)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new StreamProcessorOptions { RingCapacity = slots });

        Assert.StartsWith(
            $"RingCapacity must be a power of two between 64 and 67108864; it was {slots}.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    [InlineData(128)]
    public void ShardCount_NoPowerOfTwoInTheRange_SaysTheRangeAndTheValue(int shards)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new StreamProcessorOptions { ShardCount = shards });

        Assert.StartsWith(
            $"ShardCount must be a power of two between 1 and 64; it was {shards}.",
            error.Message,
            StringComparison.Ordinal);
    }
}
