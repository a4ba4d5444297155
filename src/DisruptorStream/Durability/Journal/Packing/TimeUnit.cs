using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>Finds out whether times are whole seconds, milliseconds or microseconds apart.</summary>
internal readonly struct TimeUnit
{
    // 10^7, 10^4 and 10 ticks: what is left of them when all twos are taken out.
    private static readonly TimeUnit[] Units = [new(7), new(4), new(1)];

    // So that differences are positive: a multiple of each unit. What is larger than it is not looked at.
    private const ulong Bias = 78_125UL << 45;

    private readonly ulong _inverse;
    private readonly ulong _most;

    private TimeUnit(int fives)
    {
        var power = PackedColumn.PowerOfFive(fives);
        Fives = fives;
        _inverse = OddInverse.Of(power);
        _most = ulong.MaxValue / power;
    }

    /// <summary>How often it can be divided by five; 0 where nothing is known of the times.</summary>
    public int Fives { get; }

    /// <summary>The largest one that a few times are apart: what to try with all of them.</summary>
    /// <param name="first">One of them.</param>
    /// <param name="second">Another one.</param>
    /// <param name="third">A third one.</param>
    public static TimeUnit Guess(long first, long second, long third)
    {
        foreach (var unit in Units)
        {
            if (unit.Times(second, first) <= unit._most && unit.Times(third, first) <= unit._most)
                return unit;
        }

        return default;
    }

    /// <summary>At most a limit where two times are so many units apart: see <see cref="Divides"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Times(long time, long first) => unchecked(((ulong)(time - first) + Bias) * _inverse);

    /// <inheritdoc cref="Times(long, long)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<ulong> Times(Vector256<long> times, Vector256<long> first) =>
        ((times - first).AsUInt64() + Vector256.Create(Bias)) * _inverse;

    /// <summary>Whether all are units apart.</summary>
    /// <param name="largest">The largest of what <see cref="Times(long, long)"/> gave.</param>
    /// <param name="lowest">The lowest time.</param>
    /// <param name="highest">The highest one.</param>
    public bool Divides(ulong largest, long lowest, long highest) =>
        Fives > 0 && largest <= _most && unchecked((ulong)(highest - lowest)) < Bias;
}
