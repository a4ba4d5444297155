namespace DisruptorStream.State.Panes;

/// <summary>
/// Panes that are handed on together, in result order: what they cost beyond their values is paid once.
/// </summary>
/// <remarks>
/// One thread. Filled by a store. Panes of one window and of keys in ascending order share all else in their headers;
/// others bring a header each.
/// </remarks>
internal sealed class PaneGroup
{
    /// <summary>The most panes of a group: few enough to stay in the nearest cache.</summary>
    public const int Capacity = 64;

    private readonly ResultHeader[] _headers;
    private readonly int[] _keyIds = new int[Capacity];
    private readonly int[] _failures = new int[Capacity];
    private readonly long[] _values;
    private readonly int _width;

    /// <param name="width">The values of a pane.</param>
    /// <param name="sharesHeader">Whether one header stands for all panes.</param>
    public PaneGroup(int width, bool sharesHeader = true)
    {
        _width = width;
        _values = new long[Capacity * width];
        _headers = new ResultHeader[sharesHeader ? 1 : Capacity];
    }

    public int Count { get; set; }

    /// <summary>Whether the first header stands for all panes.</summary>
    public bool SharesHeader => _headers.Length == 1;

    /// <summary>A header for each pane, or one for all; keys and failures are not looked for in them.</summary>
    public Span<ResultHeader> Headers => _headers;

    /// <summary>The key ids, of which the first <see cref="Count"/> are to be set.</summary>
    public Span<int> KeyIds => _keyIds;

    /// <summary>Where the shard keeps the exceptions of failed panes; -1 for the others.</summary>
    public Span<int> FailureIndexes => _failures;

    /// <summary>The values, pane after pane.</summary>
    public Span<long> Values => _values;

    /// <summary>The whole header of one pane.</summary>
    public ResultHeader HeaderOf(int pane) =>
        _headers[SharesHeader ? 0 : pane] with { KeyId = _keyIds[pane], FailureIndex = _failures[pane] };

    /// <summary>Puts a pane in the place of one before it.</summary>
    public void Move(int pane, int place)
    {
        if (pane == place)
            return;
        if (!SharesHeader)
            _headers[place] = _headers[pane];
        _keyIds[place] = _keyIds[pane];
        _failures[place] = _failures[pane];
        ValuesOf(pane).CopyTo(_values.AsSpan(place * _width));
    }

    /// <summary>The values of one pane.</summary>
    public ReadOnlySpan<long> ValuesOf(int pane) => _values.AsSpan(pane * _width, _width);
}
