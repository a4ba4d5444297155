using System.Numerics;
using CsCheck;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Windows;

public sealed class TickMathTests
{
    private static readonly Gen<long> AnyTicks = Gen.OneOf(
        Gen.Long,
        Gen.Long[-20, 20],
        Gen.Long[0, 20].Select(distance => long.MinValue + distance),
        Gen.Long[0, 20].Select(distance => long.MaxValue - distance));

    [Fact]
    public void FloorDivAndMod_AnyTicks_RoundTowardsThePast() =>
        Gen.Select(AnyTicks, Gen.OneOf(Gen.Long[1, 20], Gen.Long[1, long.MaxValue])).Sample((value, divisor) =>
        {
            var quotient = (BigInteger)TickMath.FloorDiv(value, divisor);
            var remainder = TickMath.FloorMod(value, divisor);

            Assert.InRange(remainder, 0, divisor - 1);
            Assert.Equal(value, (quotient * divisor) + remainder);
        });

    [Fact]
    public void SaturatingAdd_AnyTicks_IsTheClampedSum() =>
        Gen.Select(AnyTicks, AnyTicks).Sample((left, right) =>
        {
            var sum = (BigInteger)left + right;
            var clamped = BigInteger.Min(long.MaxValue, BigInteger.Max(long.MinValue, sum));

            Assert.Equal(clamped, TickMath.SaturatingAdd(left, right));
        });

    [Fact]
    public void Saturate_BeyondEitherEnd_IsHeldThere()
    {
        Assert.Equal(long.MaxValue, TickMath.Saturate((Int128)long.MaxValue + 1));
        Assert.Equal(long.MinValue, TickMath.Saturate((Int128)long.MinValue - 1));
        Assert.Equal(-7, TickMath.Saturate(-7));
    }
}
