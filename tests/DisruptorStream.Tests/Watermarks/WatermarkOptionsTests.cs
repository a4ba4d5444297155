using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Watermarks;

public sealed class WatermarkOptionsTests
{
    [Fact]
    public void Defaults_AreInOrderAndNeverIdle()
    {
        var options = new WatermarkOptions();

        Assert.Equal(TimeSpan.Zero, options.MaxOutOfOrderness);
        Assert.Null(options.IdleTimeout);
        Assert.Null(options.AdvanceWhenQuiet);
    }

    [Fact]
    public void Init_ValuesInRange_AreKept()
    {
        var options = new WatermarkOptions { MaxOutOfOrderness = null, IdleTimeout = TimeSpan.FromTicks(1) };

        Assert.Null(options.MaxOutOfOrderness);
        Assert.Equal(TimeSpan.FromTicks(1), options.IdleTimeout);
    }

    [Fact]
    public void MaxOutOfOrderness_Negative_NamesOptionValueAndRange()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromSeconds(-1) });

        Assert.Contains("MaxOutOfOrderness is -00:00:01; it must be zero", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IdleTimeout_Zero_NamesOptionValueAndRange()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new WatermarkOptions { IdleTimeout = TimeSpan.Zero });

        Assert.Contains("IdleTimeout is 00:00:00; it must be above zero", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AdvanceWhenQuiet_Zero_NamesOptionValueAndRange()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new WatermarkOptions { AdvanceWhenQuiet = TimeSpan.Zero });

        Assert.Contains("AdvanceWhenQuiet is 00:00:00; it must be above zero", error.Message, StringComparison.Ordinal);
    }
}
