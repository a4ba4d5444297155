using System.Numerics;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Windows.Grids;

/// <summary>The windows and slices of a timestamp, found by stepping through them with unbounded numbers.</summary>
internal sealed class FixedGridModel
{
    private readonly BigInteger _size;
    private readonly BigInteger _offset;
    private readonly BigInteger _slide;

    public FixedGridModel(FixedWindows definition)
    {
        _size = definition.SizeTicks;
        _offset = definition.OffsetTicks;
        _slide = definition.SlideTicks;
    }

    /// <summary>The windows that hold a timestamp, oldest first.</summary>
    public List<(BigInteger Start, BigInteger End)> Windows(BigInteger timestamp)
    {
        var windows = new List<(BigInteger Start, BigInteger End)>();
        for (var start = NewestStart(timestamp); start > timestamp - _size; start -= _slide)
            windows.Insert(0, (start, start + _size));
        return windows;
    }

    /// <summary>From the newest window bound at or before the timestamp to the first one after it.</summary>
    public (BigInteger Start, BigInteger End) Slice(BigInteger timestamp)
    {
        var bounds = new List<BigInteger>();
        var first = NewestStart(timestamp) - _size - (2 * _slide);
        for (var start = first - Mod(first - _offset, _slide); start <= timestamp + (2 * _slide); start += _slide)
            bounds.AddRange([start, start + _size]);
        return (bounds.Where(bound => bound <= timestamp).Max(), bounds.Where(bound => bound > timestamp).Min());
    }

    /// <summary>Whether every bound of the timestamp's windows and slice is an ordinary number.</summary>
    public bool IsInRange(BigInteger timestamp) =>
        Windows(timestamp).Append(Slice(timestamp)).All(span => span.Start > long.MinValue && span.End < long.MaxValue);

    private static BigInteger Mod(BigInteger value, BigInteger modulus) => ((value % modulus) + modulus) % modulus;

    private BigInteger NewestStart(BigInteger timestamp) => timestamp - Mod(timestamp - _offset, _slide);
}
