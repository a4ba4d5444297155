using CsCheck;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Pipeline.Assignment.Slices;
using DisruptorStream.Saving;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Tests.Pipeline.Assignment;

public sealed class OpenSlicesTests
{
    private static readonly SliceGrid Grid = new FixedGrid(FixedWindows.Tumbling(10));

    [Fact]
    public void TryOpen_LimitIsReached_OpensNoneButKnowsThoseThatAreOpen()
    {
        var slices = new OpenSlices(2, null);

        Assert.True(slices.TryOpen(7));
        Assert.True(slices.TryOpen(3));
        Assert.False(slices.TryOpen(5));

        Assert.False(slices.Contains(5));
        Assert.True(slices.TryOpen(7));
        Assert.True(slices.TryOpen(3));
    }

    [Theory]
    [InlineData(39, true)]
    [InlineData(40, false)]
    public void Close_WatermarkNearEndPlusLateness_ForgetsFromThatOn(long watermark, bool isOpen)
    {
        var slices = new OpenSlices(2, null);
        slices.TryOpen(3);

        slices.Close(Grid, watermark - 40 + 45, latenessTicks: 5);

        Assert.Equal(isOpen, slices.Contains(3));
    }

    [Fact]
    public void Close_EndOfTimeWithLateness_ForgetsAll()
    {
        var slices = new OpenSlices(2, null);
        slices.TryOpen(3);

        slices.Close(Grid, long.MaxValue, long.MaxValue);

        Assert.False(slices.Contains(3));
    }

    /// <summary>Slices come in any order, expire from the oldest on, and are as a sorted set has them.</summary>
    [Fact]
    public void TryOpen_AnyOrderWithExpiry_IsASortedSetWithALimit() =>
        Gen.Select(Gen.Int[0, 9], Gen.Long[-40, 200]).Array[0, 400].Select(Gen.Int[1, 90]).Sample((acts, limit) =>
        {
            var counters = new AssignmentCounters();
            var slices = new OpenSlices(limit, counters);
            var model = new SortedSet<long>();
            var (opened, closed) = (0L, 0L);
            foreach (var (act, number) in acts)
            {
                if (act == 0)
                {
                    slices.Close(Grid, number * 10, latenessTicks: 3);
                    closed += model.RemoveWhere(slice => number * 10 >= (slice * 10) + 13);
                    continue;
                }

                var expected = model.Contains(number) || model.Count < limit;
                if (expected && model.Add(number))
                    opened++;
                Assert.Equal(expected, slices.TryOpen(number));
                Assert.Equal(model.Contains(number - 1), slices.Contains(number - 1));
            }

            Assert.Equal(opened, counters.SlicesOpened);
            Assert.Equal(closed, counters.SlicesClosed);
            Assert.Equal(model, Saved(slices));
        });

    [Fact]
    public void Load_MoreThanTheLimit_OpensThemAllAndNoFurther()
    {
        var before = new OpenSlices(5, null);
        for (var slice = 5; slice > 0; slice--)
            before.TryOpen(slice);
        using var reader = new StateReader(new MemoryStream(Bytes(before, boundary: 77)));

        var after = new OpenSlices(3, null);

        Assert.Equal(77, after.Load(reader, Grid));
        Assert.Equal([1, 2, 3, 4, 5], Saved(after));
        Assert.False(after.TryOpen(6));
        Assert.True(after.TryOpen(5));
    }

    [Fact]
    public void Load_SliceIsAHole_IsRefusedAndNamed()
    {
        var before = new OpenSlices(5, null);
        before.TryOpen(4);
        before.TryOpen(5);
        using var reader = new StateReader(new MemoryStream(Bytes(before, boundary: 0)));

        var thrown = Assert.Throws<StateException>(
            () => new OpenSlices(5, null).Load(reader, new FixedGrid(new FixedWindows(3, 10))));

        Assert.Contains("slice 5 is none of these windows", thrown.Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes(OpenSlices slices, long boundary)
    {
        using var stream = new MemoryStream();
        using var writer = new StateWriter(stream, new StateHeader(1, 1));
        slices.Save(writer, boundary);
        writer.Complete();
        return stream.ToArray();
    }

    private static List<long> Saved(OpenSlices slices)
    {
        using var reader = new StateReader(new MemoryStream(Bytes(slices, 0)));
        reader.Begin(SectionTag.OpenSlices, 1);
        reader.ReadInt64();
        var all = new List<long>();
        for (var left = reader.ReadCount(sizeof(long), "slices"); left > 0; left--)
            all.Add(reader.ReadInt64());
        reader.End();
        return all;
    }
}
