using System.Numerics;
using CsCheck;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Tests.Windows.Grids;

public sealed class FixedGridTests
{
    private static readonly Gen<long> AnyOffset = Gen.OneOf(
        Gen.Long[-100, 100], Gen.Long, Gen.Const(long.MinValue), Gen.Const(long.MaxValue));

    private static readonly Gen<long> AnySize = Gen.Long[1, SliceGrid.MaxSizeTicks];

    private static readonly Gen<long> NearEpoch = Gen.Long[-200, 200];

    private static readonly Gen<long> AnyLateness = Gen.OneOf(Gen.Long[0, 80], Gen.Const(long.MaxValue));

    private static readonly Gen<FixedWindows> SmallWindows =
        Gen.Select(Gen.Long[1, 40], Gen.Long[1, 40], AnyOffset, Sliding);

    private static readonly Gen<FixedWindows> LargeWindows =
        Gen.Select(AnySize, Gen.Long[1, 12], Gen.Long[-3, 3], AnyOffset, (size, parts, more, offset) =>
            Sliding(size, Math.Clamp((size / parts) + more, Math.Max(1, size / 30), SliceGrid.MaxSizeTicks), offset));

    private static readonly Gen<FixedWindows> RareWindows =
        Gen.Select(AnySize, AnySize, AnyOffset, (size, slide, offset) =>
            Sliding(Math.Min(size, slide), Math.Max(size, slide), offset));

    private static readonly Gen<FixedWindows> TumblingWindows =
        Gen.Select(Gen.OneOf(Gen.Long[1, 50], AnySize), AnyOffset, (size, offset) =>
            FixedWindows.Tumbling(size, offset));

    private static readonly Gen<FixedWindows> AnyWindows =
        Gen.OneOf(SmallWindows, LargeWindows, RareWindows, TumblingWindows);

    private static readonly Gen<long> AnyTimestamp = Gen.OneOf(
        Gen.Long[-200, 200],
        Gen.Long,
        Gen.Long[-200, 200].Select(distance => (1L << 62) + distance),
        Gen.Long[-200, 200].Select(distance => -(1L << 62) + distance),
        Gen.Long[0, 200].Select(distance => long.MinValue + distance),
        Gen.Long[0, 200].Select(distance => long.MaxValue - distance));

    /// <summary>
    /// Every tick is in the windows that the rule lists, and a tick whose bounds do not fit is refused.
    /// </summary>
    [Fact]
    public void TryLocate_AnyTimestamp_FindsTheWindowsOfTheModel() =>
        Gen.Select(AnyWindows, AnyTimestamp).Sample((definition, timestamp) =>
        {
            var grid = new FixedGrid(definition);
            var model = new FixedGridModel(definition);
            var expected = model.Windows(timestamp);

            Assert.Equal(model.IsInRange(timestamp), grid.TryLocate(timestamp, out var slice));
            if (!model.IsInRange(timestamp))
                return;

            var windows = new List<(BigInteger, BigInteger)>();
            for (var window = grid.FirstWindowOf(slice); window <= grid.LastWindowOf(slice); window++)
                windows.Add((grid.WindowStart(window), grid.WindowEnd(window)));
            Assert.Equal(expected, windows);
            Assert.Equal(expected.Count == 0, grid.IsHole(slice));
            Assert.True(expected.Count <= grid.MaxWindowsPerEvent);
        });

    /// <summary>A slice runs from one window bound to the next, whichever window it belongs to.</summary>
    [Fact]
    public void SliceBounds_AnyTimestamp_AreTheNearestWindowBounds() =>
        Gen.Select(AnyWindows, AnyTimestamp).Sample((definition, timestamp) =>
        {
            var grid = new FixedGrid(definition);
            var model = new FixedGridModel(definition);
            if (!grid.TryLocate(timestamp, out var slice))
                return;

            var (start, end) = model.Slice(timestamp);
            Assert.Equal(start, grid.SliceStart(slice));
            Assert.Equal(end, grid.SliceEnd(slice));
            if (!grid.IsHole(slice))
                Assert.Equal(model.Windows(timestamp)[^1].End, grid.LastEndOf(slice));
        });

    /// <summary>The slices of a window follow one another without a gap, from its start to its end.</summary>
    [Fact]
    public void SlicesOf_AnyWindow_CoverItExactly() =>
        Gen.Select(Gen.OneOf(SmallWindows, LargeWindows, RareWindows), NearEpoch).Sample((definition, near) =>
        {
            var grid = new FixedGrid(definition);
            Assert.True(grid.TryLocate(near, out var slice));
            var window = grid.LastWindowOf(slice);

            var reached = grid.WindowStart(window);
            for (var part = grid.FirstSliceOf(window); part < grid.EndSliceOf(window); part++)
            {
                Assert.Equal(reached, grid.SliceStart(part));
                Assert.InRange(window, grid.FirstWindowOf(part), grid.LastWindowOf(part));
                reached = grid.SliceEnd(part);
            }

            Assert.Equal(grid.WindowEnd(window), reached);
            Assert.False(window <= grid.LastWindowOf(grid.FirstSliceOf(window) - 1));
            Assert.False(window >= grid.FirstWindowOf(grid.EndSliceOf(window)));
        });

    /// <summary>Windows complete at a watermark are those whose end it has reached, to the tick.</summary>
    [Fact]
    public void FirstWindowEndingAfter_AnyWatermark_SplitsOpenFromComplete() =>
        Gen.Select(AnyWindows, Gen.OneOf(NearEpoch, Gen.Long[-(1L << 61), 1L << 61])).Sample((definition, watermark) =>
        {
            var grid = new FixedGrid(definition);
            var open = grid.FirstWindowEndingAfter(watermark);

            Assert.True(grid.WindowEnd(open) > watermark);
            Assert.True(grid.WindowEnd(open - 1) <= watermark);
            Assert.Equal(open, grid.NextWindow(open - 1));
            Assert.Equal(grid.WindowEnd(open), grid.NextEndAfter(watermark));
        });

    /// <summary>
    /// Deciding once per slice agrees with deciding for each window: too late only where all have expired.
    /// </summary>
    [Fact]
    public void LastEndOf_AnyLateness_ExpiresWithTheLastWindow() =>
        Gen.Select(SmallWindows, NearEpoch, Gen.Long[-80, 160], AnyLateness).Sample(
            (definition, timestamp, distance, lateness) =>
            {
                var grid = new FixedGrid(definition);
                Assert.True(grid.TryLocate(timestamp, out var slice));
                if (grid.IsHole(slice))
                    return;

                var watermark = timestamp + distance;
                var isTooLate = watermark >= TickMath.SaturatingAdd(grid.LastEndOf(slice), lateness);
                var windows = new FixedGridModel(definition).Windows(timestamp);
                Assert.Equal(windows.All(window => watermark >= window.End + lateness), isTooLate);
            });

    [Fact]
    public void WindowEndingAfter_NoWatermarkAndEndOfInput_Saturate()
    {
        var grid = new FixedGrid(Sliding(10, 3, 1));

        Assert.Equal(long.MinValue, grid.FirstWindowEndingAfter(long.MinValue));
        Assert.Equal(long.MinValue, grid.NextEndAfter(long.MinValue));
        Assert.Equal(long.MaxValue, grid.FirstWindowEndingAfter(long.MaxValue));
        Assert.Equal(long.MaxValue, grid.NextEndAfter(long.MaxValue));
    }

    [Fact]
    public void FirstWindowEndingAfter_BelowTheFirstIndex_Saturates() =>
        Assert.Equal(long.MinValue, new FixedGrid(Sliding(1000, 1, 0)).FirstWindowEndingAfter(long.MinValue + 5));

    /// <summary>The first and last tick that are taken, where windows are one tick long.</summary>
    [Fact]
    public void TryLocate_WindowsOfOneTick_TakesAllButTheReservedBounds()
    {
        var grid = new FixedGrid(FixedWindows.Tumbling(1));

        Assert.False(grid.TryLocate(long.MinValue, out _));
        Assert.True(grid.TryLocate(long.MinValue + 1, out var first));
        Assert.Equal(long.MinValue + 1, grid.SliceStart(first));
        Assert.True(grid.TryLocate(long.MaxValue - 2, out var last));
        Assert.Equal(long.MaxValue - 1, grid.SliceEnd(last));
        Assert.False(grid.TryLocate(long.MaxValue - 1, out _));
        Assert.False(grid.TryLocate(long.MaxValue, out _));
    }

    [Theory]
    [InlineData(10, 4, 3)]
    [InlineData(10, 5, 2)]
    [InlineData(10, 10, 1)]
    [InlineData(3, 10, 1)]
    public void MaxWindowsPerEvent_SizeOverSlide_IsRoundedUp(long size, long slide, long expected) =>
        Assert.Equal(expected, new FixedGrid(Sliding(size, slide, 0)).MaxWindowsPerEvent);

    [Fact]
    public void WindowEnd_BeyondTime_ThrowsInsteadOfWrapping()
    {
        var grid = new FixedGrid(Sliding(1000, 100, 0));

        Assert.Throws<OverflowException>(() => grid.WindowEnd(long.MaxValue / 100));
        Assert.Throws<OverflowException>(() => grid.SliceStart(long.MinValue / 10));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(SliceGrid.MaxSizeTicks + 1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, SliceGrid.MaxSizeTicks + 1)]
    public void Constructor_OutOfRange_Throws(long size, long slide) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedGrid(Sliding(size, slide, 0)));

    private static FixedWindows Sliding(long size, long slide, long offset) =>
        new(size, slide, offset);
}
