using DisruptorStream.Emission;

namespace DisruptorStream.Tests.Emission;

public sealed class SinkFailurePolicyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Retry_AttemptsOutOfRange_Throws(int attempts) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SinkFailurePolicy.Retry(attempts, TimeSpan.Zero));

    [Theory]
    [InlineData(-1)]
    [InlineData(60_001)]
    public void Retry_DelayOutOfRange_Throws(int milliseconds) => Assert.Throws<ArgumentOutOfRangeException>(
        () => SinkFailurePolicy.Retry(1, TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Retry_ThenRetry_Throws() => Assert.Throws<ArgumentException>(
        () => SinkFailurePolicy.Retry(1, TimeSpan.Zero, SinkFailurePolicy.Retry(1, TimeSpan.Zero)));

    [Fact]
    public void Retry_ThenNothing_Stops() => Assert.False(SinkFailurePolicy.Retry(1, TimeSpan.Zero).SkipsInTheEnd);

    [Fact]
    public void ToString_EachPolicy_SaysWhatHappens()
    {
        Assert.Equal("stop", SinkFailurePolicy.Stop.ToString());
        Assert.Equal("skip", SinkFailurePolicy.Skip.ToString());
        var policy = SinkFailurePolicy.Retry(3, TimeSpan.FromSeconds(0.5), SinkFailurePolicy.Skip);
        Assert.Equal("retry 3 times after 500 ms, then skip", policy.ToString());
    }
}
