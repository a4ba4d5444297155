namespace DisruptorStream.Windows.Grids;

/// <summary>
/// The slices of several sizes of windows, one level for each, and which level gets what it holds from which.
/// </summary>
/// <remarks>
/// A level whose slices all lie in slices of a coarser one feeds it: an event then enters the finer level alone. A
/// level that no other feeds is a root, which the events enter themselves. Immutable.
/// </remarks>
internal sealed class SliceLevels
{
    /// <summary>What stands for no level.</summary>
    public const int None = -1;

    private readonly SliceGrid[] _grids;
    private readonly int[] _feeders;
    private readonly int[][] _fed;
    private readonly int[] _roots;

    public SliceLevels(SeveralWindows windows)
    {
        var count = windows.Sizes.Count;
        _grids = new SliceGrid[count];
        _feeders = new int[count];
        _fed = new int[count][];
        for (var level = 0; level < count; level++)
        {
            _grids[level] = windows.Sizes[level].NewGrid();
            _feeders[level] = FeederOf(windows.Sizes, level);
        }

        for (var level = 0; level < count; level++)
            _fed[level] = LevelsFedBy(level);
        _roots = LevelsFedBy(None);
    }

    /// <summary>How many there are.</summary>
    public int Count => _grids.Length;

    /// <summary>The slices of each level, the finest first: a level comes before those that it feeds.</summary>
    public ReadOnlySpan<SliceGrid> Grids => _grids;

    /// <summary>The levels that events enter themselves. The first level is one.</summary>
    public ReadOnlySpan<int> Roots => _roots;

    /// <summary>The level that feeds a level; <see cref="None"/> for a root.</summary>
    public int FeederOf(int level) => _feeders[level];

    /// <summary>The levels that a level feeds.</summary>
    public ReadOnlySpan<int> FedBy(int level) => _fed[level];

    /// <summary>The coarsest level that nests: the fewest records are merged then.</summary>
    private static int FeederOf(IReadOnlyList<GridWindows> sizes, int level)
    {
        var feeder = level - 1;
        while (feeder >= 0 && !sizes[feeder].NestsIn(sizes[level]))
            feeder--;
        return feeder;
    }

    private int[] LevelsFedBy(int feeder)
    {
        var fed = new List<int>();
        for (var level = 0; level < _feeders.Length; level++)
        {
            if (_feeders[level] == feeder)
                fed.Add(level);
        }

        return [.. fed];
    }
}
