using System.Text;
using DisruptorStream.Sources;

namespace DisruptorStream.Tests.Sources;

public sealed class SourcePositionTests
{
    [Fact]
    public void ToString_EachKind_IsForPeople()
    {
        Assert.Equal("the start", SourcePosition.Start.ToString());
        Assert.Equal("-5", SourcePosition.FromInt64(-5).ToString());
        Assert.Equal("calls.csv 12", new SourcePosition(Encoding.UTF8.GetBytes("calls.csv 12")).ToString());
        Assert.Equal("FF00", new SourcePosition([0xFF, 0]).ToString());
    }

    [Fact]
    public void ToInt64_NotOfANumber_SaysSo()
    {
        Assert.Equal(long.MinValue, SourcePosition.FromInt64(long.MinValue).ToInt64());
        Assert.Contains(
            "was not made of a number",
            Assert.Throws<InvalidOperationException>(() => SourcePosition.Start.ToInt64()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void SourcePosition_MoreBytesThanAreKept_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new SourcePosition(new byte[SourcePosition.MaxBytes + 1]));
        Assert.Equal(SourcePosition.FromInt64(3), SourcePosition.FromInt64(3));
        Assert.True(SourcePosition.FromInt64(0) != SourcePosition.Start);
        Assert.True(new SourcePosition([]).IsStart);
    }
}
