using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Columns.Sketches.Quantiles;

/// <summary>A growing list of doubles in a block of the pool; a range's length is its capacity.</summary>
internal sealed unsafe class ValueList
{
    // So that no bucket seems to lie in a range that holds values.
    private const int NotABucket = int.MaxValue;

    private const int MostRanked = 128;

    private readonly BlockPool _blocks;

    public ValueList(BlockPool blocks) => _blocks = blocks;

    public Span<double> ValuesOf(in BlockRange range, int count) => range.Items<double>(_blocks)[..count];

    /// <summary>Writes behind the values so far.</summary>
    public void Add(ref BlockRange range, int count, double value)
    {
        if (count == range.Length)
            Grow(ref range, count);
        ((double*)_blocks.At(range.Block))[count] = value;
    }

    /// <summary>The values in ascending order; the list itself is put in order, which means nothing to it.</summary>
    public ReadOnlySpan<double> Sort(in BlockRange range, int count)
    {
        var values = ValuesOf(range, count);
        for (var index = 1; index < values.Length; index++)
        {
            if (values[index - 1] > values[index])
            {
                if (values.Length <= MostRanked)
                    SortByRank(values);
                else
                    values.Sort();
                break;
            }
        }

        return values;
    }

    /// <summary>
    /// Puts each value where the number of smaller ones says. So few values have so few pairs that comparing all of
    /// them, several at a time and without a branch, takes less time than a sort whose every second guess is wrong.
    /// </summary>
    private static void SortByRank(Span<double> values)
    {
        var count = values.Length;
        Span<double> all = stackalloc double[MostRanked + Vector512<double>.Count];
        Span<double> sorted = stackalloc double[MostRanked];
        sorted[..count].Fill(double.NaN);
        values.CopyTo(all);

        // Nothing is larger than what fills the last vector up.
        all.Slice(count, Vector512<double>.Count).Fill(double.PositiveInfinity);
        foreach (var value in values)
            sorted[SmallerThan(value, all, count)] = value;

        // Equal values share a place, and leave those behind it empty.
        for (var index = 0; index < count; index++)
            values[index] = double.IsNaN(sorted[index]) ? values[index - 1] : sorted[index];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SmallerThan(double value, ReadOnlySpan<double> all, int count)
    {
        ref var first = ref MemoryMarshal.GetReference(all);
        if (Vector512.IsHardwareAccelerated)
        {
            var wide = Vector512<long>.Zero;
            for (var index = 0; index < count; index += Vector512<double>.Count)
            {
                var next = Vector512.LoadUnsafe(ref first, (nuint)index);
                wide -= Vector512.LessThan(next, Vector512.Create(value)).AsInt64();
            }

            return (int)Vector512.Sum(wide);
        }

        var narrow = Vector256<long>.Zero;
        for (var index = 0; index < count; index += Vector256<double>.Count)
        {
            var next = Vector256.LoadUnsafe(ref first, (nuint)index);
            narrow -= Vector256.LessThan(next, Vector256.Create(value)).AsInt64();
        }

        return (int)Vector256.Sum(narrow);
    }

    private void Grow(ref BlockRange range, int count)
    {
        var target = BlockRange.Rent(_blocks, Math.Max(BlockPool.MinBytes, range.SizeBytes * 2));
        ValuesOf(in range, count).CopyTo(target.Items<double>(_blocks));
        range.Release(_blocks);
        range = target;
        range.First = NotABucket;
    }
}
