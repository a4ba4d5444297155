using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Sketches.Quantiles;

/// <summary>A growing list of doubles in a block of the pool; a range's length is its capacity.</summary>
internal sealed unsafe partial class ValueList
{
    // So that no bucket seems to lie in a range that holds values.
    private const int NotABucket = int.MaxValue;

    private const int ValuesPerPane = 32;
    private const int ListsPerReview = 64;

    private readonly BlockPool _blocks;
    private readonly NetworkSort _network = new();
    private int _firstBytes = BlockPool.MinBytes;
    private int _reviewed;
    private int _larger;
    private int _smaller;

    public ValueList(BlockPool blocks) => _blocks = blocks;

    /// <summary>The size of the block that a list of a number of values has grown to.</summary>
    public static int BytesFor(int values)
    {
        var bytes = BlockPool.MinBytes;
        while (bytes < values * sizeof(double))
            bytes = Larger(bytes);
        return bytes;
    }

    /// <summary>What sorting a number of values costs, in panes.</summary>
    public static int SortCost(int values) => values / ValuesPerPane;

    public Span<double> ValuesOf(in BlockRange range, int count) => range.Items<double>(_blocks)[..count];

    /// <summary>Writes behind the values so far.</summary>
    public void Add(ref BlockRange range, int count, double value)
    {
        if (count == range.Length)
            Grow(ref range, count);
        ((double*)_blocks.At(range.Block))[count] = value;
    }

    /// <summary>
    /// The values in ascending order, valid until the next call; of a long list the list itself is put in order, which
    /// means nothing to it.
    /// </summary>
    public double* Sort(in BlockRange range, int count)
    {
        var values = (double*)_blocks.At(range.Block);
        if (count <= NetworkSort.MaxValues)
            return _network.Sort(values, count);

        new Span<double>(values, count).Sort();
        return values;
    }

    /// <summary>
    /// A list has ended with this many values. New ones begin with what most of those before them grew to, and
    /// are not copied on their way there.
    /// </summary>
    public void NoteLength(int count)
    {
        var bytes = BytesFor(count);
        _larger += bytes > _firstBytes ? 1 : 0;
        _smaller += bytes < _firstBytes ? 1 : 0;
        if (++_reviewed < ListsPerReview)
            return;
        if (_larger * 4 >= _reviewed * 3)
            _firstBytes = Larger(_firstBytes);
        else if (_smaller * 4 >= _reviewed)
            _firstBytes = Smaller(_firstBytes);
        (_reviewed, _larger, _smaller) = (0, 0, 0);
    }

    /// <summary>
    /// Few steps up to what the network sorts, as every one of them copies a list that is no longer in the near caches.
    /// </summary>
    private static int Larger(int bytes) => bytes < NetworkSort.MaxValues * sizeof(double) ? bytes * 4 : bytes * 2;

    private static int Smaller(int bytes)
    {
        var smaller = BlockPool.MinBytes;
        while (Larger(smaller) < bytes)
            smaller = Larger(smaller);
        return smaller;
    }

    private void Grow(ref BlockRange range, int count)
    {
        var target = BlockRange.Rent(_blocks, count == 0 ? _firstBytes : Larger(range.SizeBytes));
        ValuesOf(in range, count).CopyTo(target.Items<double>(_blocks));
        range.Release(_blocks);
        range = target;
        range.First = NotABucket;
    }
}
