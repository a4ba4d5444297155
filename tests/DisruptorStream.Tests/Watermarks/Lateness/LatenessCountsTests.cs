using CsCheck;
using DisruptorStream.Watermarks.Lateness;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Watermarks.Lateness;

public sealed class LatenessCountsTests
{
    private static readonly Gen<long> AnyLateness = Gen.OneOf(
        Gen.Const(0L), Gen.Long[0, 3_000], Gen.Long[0, 100_000_000], Gen.Long[0, long.MaxValue]);

    /// <summary>
    /// Each bound holds for the events that it is for, and is at most an eighth longer than it must be.
    /// </summary>
    [Fact]
    public void Read_AnyLateness_BoundsAreThoseOfASort() => AnyLateness.Array[1, 20_000].Sample(
        all =>
        {
            var counts = new LatenessCounts();
            counts.AddEvents(all.Length);
            foreach (var ticks in all.Where(ticks => ticks > 0))
                counts.AddBehind(ticks);

            var read = counts.Read()!;

            Assert.Equal((all.Length, all.Count(ticks => ticks > 0)), (read.EventsMeasured, read.EventsBehind));
            Assert.Equal(all.Max(), read.Most.Ticks);
            AssertBound(all, 100, read.Bound99);
            AssertBound(all, 1_000, read.Bound999);
            AssertBound(all, 10_000, read.Bound9999);
        },
        iter: 60);

    [Fact]
    public void Read_NothingLookedAt_IsNull() => Assert.Null(new LatenessCounts().Read());

    private static void AssertBound(long[] all, int oneIn, TimeSpan? bound)
    {
        if (all.Length < oneIn)
        {
            Assert.Null(bound);
            return;
        }

        var least = all.OrderDescending().ElementAt(all.Length / oneIn);
        Assert.InRange(bound!.Value.Ticks, least, Math.Max(1_023, TickMath.SaturatingAdd(least, least / 8)));
    }
}
