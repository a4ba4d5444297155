using DisruptorStream.State.Firing;
using DisruptorStream.State.Memory;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.State.Slices.Levels;

/// <summary>
/// Merges the records of slices whose end the watermark has reached into the slices of coarser sizes that hold them.
/// </summary>
/// <remarks>
/// It goes from the finest level on and from slice to slice in the order of time, so what a coarser slice holds is a
/// function of the events and of the watermarks that the shards are told.
/// </remarks>
internal sealed unsafe class Promotion
{
    private const int MostKeys = 64;

    private readonly SliceLevels _levels;
    private readonly SliceStore[] _stores;
    private int _level;
    private int _fed;
    private int _nextKey;
    private long _nextSlice = long.MinValue;

    /// <param name="levels">The slices of each size.</param>
    /// <param name="stores">What each level keeps.</param>
    public Promotion(SliceLevels levels, SliceStore[] stores)
    {
        _levels = levels;
        _stores = stores;
    }

    /// <summary>Hands on what a step of the watermark has made complete; true once all is.</summary>
    /// <param name="step">The step.</param>
    /// <param name="budget">How many records; what is left of it.</param>
    public bool TryRun(in FiringStep step, ref int budget)
    {
        for (; _level < _levels.Count; _level++, _nextSlice = long.MinValue)
        {
            if (!_levels.FedBy(_level).IsEmpty && !TryRunLevel(step, ref budget))
                return false;
        }

        _level = 0;
        return true;
    }

    private bool TryRunLevel(in FiringStep step, ref int budget)
    {
        var (grid, slices) = (_levels.Grids[_level], _stores[_level].Slices);
        var index = _nextSlice == long.MinValue
            ? FirstEndingAfter(slices, step.FromTicks)
            : slices.FirstAtOrAfter(_nextSlice);
        for (; index < slices.Count && grid.SliceEnd(slices.KeyAt(index)) <= step.Ticks; index++)
        {
            _nextSlice = slices.KeyAt(index);
            for (; _fed < _levels.FedBy(_level).Length; _fed++, _nextKey = 0)
            {
                if (!TryHandOn(slices[index], grid.SliceStart(_nextSlice), ref budget))
                    return false;
            }

            _fed = 0;
        }

        return true;
    }

    /// <summary>Hands one slice on to one level.</summary>
    private bool TryHandOn(KeyedTable table, long startTicks, ref int budget)
    {
        var fed = _levels.FedBy(_level)[_fed];
        if (!_levels.Grids[fed].TryLocate(startTicks, out var slice))
        {
            throw new InvalidOperationException(
                $"The slice at {startTicks} had events, and lies beyond those of a coarser size.");
        }

        if (_levels.Grids[fed].IsHole(slice))
            return true;
        Span<int> keyIds = stackalloc int[MostKeys];
        var records = stackalloc nint[MostKeys];
        while (budget > 0)
        {
            var count = table.Collect(ref _nextKey, keyIds[..Math.Min(MostKeys, budget)], records);
            if (count == 0)
                return true;
            _stores[fed].Absorb(slice, keyIds[..count], records);
            budget -= count;
        }

        return false;
    }

    private int FirstEndingAfter(SortedDeque<KeyedTable> slices, long watermark)
    {
        var (low, high) = (0, slices.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_levels.Grids[_level].SliceEnd(slices.KeyAt(middle)) > watermark)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
