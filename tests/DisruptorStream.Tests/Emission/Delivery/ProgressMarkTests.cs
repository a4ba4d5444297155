using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;

namespace DisruptorStream.Tests.Emission.Delivery;

public sealed class ProgressMarkTests
{
    [Fact]
    public void MoveTo_AWatermarkAheadOfDelivery_CountsOnceItsSlotIsDelivered()
    {
        var watermarks = new WatermarkProgress();
        var mark = new ProgressMark(watermarks, -1);
        watermarks.MoveTo(10, 70);

        Assert.True(mark.MoveTo(5));
        Assert.Equal(new SinkProgress(5, null), mark.Shown);
        Assert.False(mark.MoveTo(5));
        Assert.True(mark.MoveTo(10));
        Assert.Equal(new SinkProgress(10, 70), mark.Shown);
        Assert.False(mark.MoveTo(9));
    }

    [Fact]
    public void MoveTo_WatermarksThatKeepAhead_CountAllTheSame()
    {
        var watermarks = new WatermarkProgress();
        var mark = new ProgressMark(watermarks, -1);
        for (var sequence = 0; sequence < 100; sequence++)
        {
            watermarks.MoveTo(sequence + 3, sequence);
            mark.MoveTo(sequence);
        }

        Assert.InRange(mark.WatermarkTicks, 90, 99);
    }
}
