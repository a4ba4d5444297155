using CsCheck;
using DisruptorStream.Pipeline.Assignment.Slices;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Tests.Pipeline.Assignment;

public sealed class RecentSlicesTests
{
    private static readonly SliceGrid Grid = new FixedGrid(FixedWindows.Tumbling(10));

    [Fact]
    public void TryLocate_AnyTimes_TheCurrentOneIsThatOfTheGrid() =>
        Gen.Long[-60, 60].Array[1, 40].Sample(times =>
        {
            var grid = new FixedGrid(new FixedWindows(7, 10, 2));
            var slices = new RecentSlices(grid, latenessTicks: 4);
            foreach (var time in times)
            {
                Assert.True(slices.TryLocate(time));
                Assert.True(grid.TryLocate(time, out var expected));
                Assert.Equal(expected, slices.Current.Index);
                Assert.Equal(grid.SliceStart(expected), slices.Current.StartTicks);
                Assert.Equal(grid.SliceEnd(expected), slices.Current.EndTicks);
                Assert.Equal(grid.IsHole(expected), slices.Current.IsHole);
                Assert.Equal(grid.LastEndOf(expected) + 4, slices.Current.ExpiryTicks);
            }
        });

    [Fact]
    public void TryLocate_TimeOutOfRange_LeavesTheCurrentOne()
    {
        var slices = new RecentSlices(Grid, latenessTicks: 0);
        Assert.False(slices.TryLocate(long.MaxValue));
        Assert.True(slices.TryLocate(15));

        Assert.False(slices.TryLocate(long.MaxValue));

        Assert.Equal(1, slices.Current.Index);
    }

    [Theory]
    [InlineData(5, 15, 9, true)]
    [InlineData(15, 5, 9, true)]
    [InlineData(15, 5, 10, false)]
    [InlineData(5, 25, 9, false)]
    public void TryPair_TwoLastSlices_AreAPairWhereTheyAreNeighborsAndIncomplete(
        long first, long second, long watermark, bool expected)
    {
        var slices = new RecentSlices(Grid, latenessTicks: 100);
        var open = new OpenSlices(10, null);
        open.TryOpen(0);
        open.TryOpen(1);
        open.TryOpen(2);
        slices.TryLocate(first);
        slices.TryLocate(second);

        Assert.Equal(expected, slices.TryPair(watermark, open, out var pair));

        if (expected)
            Assert.Equal(new SlicePair(Newer: 1, StartTicks: 0, SplitTicks: 10, EndTicks: 20), pair);
    }

    [Fact]
    public void TryPair_OneIsNotOpen_IsNoPair()
    {
        var slices = new RecentSlices(Grid, latenessTicks: 0);
        var open = new OpenSlices(10, null);
        slices.TryLocate(5);
        Assert.False(slices.TryPair(long.MinValue, open, out _));
        slices.TryLocate(15);
        open.TryOpen(1);

        Assert.False(slices.TryPair(long.MinValue, open, out _));
        open.TryOpen(0);
        Assert.True(slices.TryPair(long.MinValue, open, out _));
    }
}
