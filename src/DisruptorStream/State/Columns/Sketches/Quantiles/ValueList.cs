using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Columns.Sketches.Quantiles;

/// <summary>A growing list of doubles in a block of the pool; a range's length is its capacity.</summary>
internal sealed unsafe class ValueList
{
    // So that no bucket seems to lie in a range that holds values.
    private const int NotABucket = int.MaxValue;

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
                values.Sort();
                break;
            }
        }

        return values;
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
