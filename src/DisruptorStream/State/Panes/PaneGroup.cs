namespace DisruptorStream.State.Panes;

/// <summary>Panes of one window and of keys in ascending order, which share all else in their headers.</summary>
/// <remarks>One thread. Filled by a store, handed on whole: what panes cost beyond their values is paid once.</remarks>
internal sealed class PaneGroup
{
    /// <summary>The most panes of a group: few enough to stay in the nearest cache.</summary>
    public const int Capacity = 64;

    private readonly int[] _keyIds = new int[Capacity];
    private readonly int[] _failures = new int[Capacity];
    private readonly long[] _values;
    private readonly int _width;

    /// <param name="width">The values of a pane.</param>
    public PaneGroup(int width)
    {
        _width = width;
        _values = new long[Capacity * width];
    }

    public int Count { get; set; }

    /// <summary>The key ids, of which the first <see cref="Count"/> are to be set.</summary>
    public Span<int> KeyIds => _keyIds;

    /// <summary>Where the shard keeps the exceptions of failed panes; -1 for the others.</summary>
    public Span<int> FailureIndexes => _failures;

    /// <summary>The values, pane after pane.</summary>
    public Span<long> Values => _values;

    /// <summary>The whole header of one pane.</summary>
    public ResultHeader HeaderOf(in ResultHeader common, int pane) =>
        common with { KeyId = _keyIds[pane], FailureIndex = _failures[pane] };

    /// <summary>The values of one pane.</summary>
    public ReadOnlySpan<long> ValuesOf(int pane) => _values.AsSpan(pane * _width, _width);
}
