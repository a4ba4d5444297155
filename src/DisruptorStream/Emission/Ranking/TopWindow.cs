using System.Runtime.InteropServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Emission.Merging;
using DisruptorStream.State.Keys;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Emission.Ranking;

/// <summary>The panes of one window, and the best of each group of them.</summary>
/// <remarks>
/// The emitting thread owns it. Where late panes may come it keeps all panes, as any of them may become one of the
/// best; elsewhere only the best. Used again for other windows, so that nothing is allocated in the steady state.
/// </remarks>
internal sealed partial class TopWindow
{
    private const int FirstCapacity = 64;

    // What belongs to a pane. Whether a list is the last one belongs to the list.
    private const ResultFlags OfPane = ResultFlags.Filled | ResultFlags.NoValues;

    private readonly TopRanking _ranking;
    private readonly ResultSchema _schema;
    private readonly IKeyOrder _order;
    private readonly IKeyGroups? _keyGroups;
    private readonly bool _keepsAll;
    private readonly Dictionary<int, int> _rowOf = [];
    private readonly Dictionary<UInt128, int> _groupOf = [];
    private readonly List<TopGroup> _groups = [];
    private readonly List<int> _touched = [];
    private readonly Comparison<int> _compareRows;
    private readonly Comparison<int> _compareGroups;
    private TopRow[] _rows = new TopRow[FirstCapacity];
    private long[] _values;
    private int[] _sorted = [];
    private int _rowCount;
    private int _groupCount;

    /// <param name="ranking">What the best are.</param>
    /// <param name="schema">The columns of a pane.</param>
    /// <param name="order">In which order the keys came.</param>
    /// <param name="keyGroups">Which keys are a group; null where all are one.</param>
    /// <param name="keepsAll">Whether late panes may come.</param>
    public TopWindow(
        TopRanking ranking, ResultSchema schema, IKeyOrder order, IKeyGroups? keyGroups, bool keepsAll)
    {
        _ranking = ranking;
        _schema = schema;
        _order = order;
        _keyGroups = keyGroups;
        _keepsAll = keepsAll;
        _values = new long[FirstCapacity * schema.Count];
        _compareRows = (left, right) => TopRow.IsBetter(_rows[left], _rows[right]) ? -1 : left == right ? 0 : 1;
        _compareGroups = (left, right) => keyGroups!.Compare(_groups[left].Key, _groups[right].Key);
    }

    /// <summary>The first moment inside.</summary>
    public long StartTicks { get; private set; }

    /// <summary>The first moment after.</summary>
    public long EndTicks { get; private set; }

    /// <summary>Becomes another window, without panes.</summary>
    public void Reset(long startTicks, long endTicks)
    {
        (StartTicks, EndTicks) = (startTicks, endTicks);
        _rowOf.Clear();
        _groupOf.Clear();
        _touched.Clear();
        _rowCount = _groupCount = 0;
    }

    /// <summary>Takes a pane, in the stead of an earlier one of its key; its group gets a list.</summary>
    public void Put(
        int keyId, int failureIndex, ResultFlags flags, PaneTiming timing, ReadOnlySpan<long> values)
    {
        var group = Put(keyId, failureIndex, flags & OfPane, values);
        group.IsLate |= timing == PaneTiming.Late;
        group.IsLast |= (flags & ResultFlags.Last) != ResultFlags.None;
    }

    /// <summary>Hands on a list for each group that has got panes.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="sequence">The slot that caused them.</param>
    /// <returns>How many rows they have.</returns>
    public int Emit(ResultOutput output, long sequence)
    {
        var rows = 0;
        if (_touched.Count > 1)
            _touched.Sort(_compareGroups);
        foreach (var group in CollectionsMarshal.AsSpan(_touched))
            rows += Emit(output, sequence, _groups[group]);
        _touched.Clear();
        return rows;
    }

    private int Emit(ResultOutput output, long sequence, TopGroup group)
    {
        var best = group.Best;
        if (_sorted.Length < best.Length)
            _sorted = new int[Math.Max(best.Length, _sorted.Length * 2)];
        var sorted = _sorted.AsSpan(0, best.Length);
        best.CopyTo(sorted);
        sorted.Sort(_compareRows);
        var header = new ResultHeader
        {
            Sequence = sequence,
            StartTicks = StartTicks,
            EndTicks = EndTicks,
            OrderStartTicks = StartTicks,
            OrderEndTicks = EndTicks,
            PaneIndex = group.Lists,
            OrderPaneIndex = group.Lists,
            Timing = group.IsLate || group.Lists > 0 ? PaneTiming.Late : PaneTiming.OnTime,
        };
        var list = group.IsLast ? ResultFlags.Last : ResultFlags.None;
        foreach (var row in sorted)
        {
            ref readonly var pane = ref _rows[row];
            (header.KeyId, header.FailureIndex, header.Flags) = (pane.KeyId, pane.FailureIndex, pane.Flags | list);
            header.Rank++;
            output.Add(in header, ValuesOf(row));
        }

        group.Lists++;
        group.IsTouched = group.IsLate = group.IsLast = false;
        return sorted.Length;
    }

    private TopGroup Put(int keyId, int failureIndex, ResultFlags flags, ReadOnlySpan<long> values)
    {
        var pane = new TopRow
        {
            KeyId = keyId,
            FailureIndex = failureIndex,
            Flags = flags,
            Ordinal = _order.OrdinalOf(keyId),
            IsNull = !TryMeritOf(failureIndex, flags, values[_ranking.Column], out var merit),
            Merit = merit,
        };
        if (_keepsAll && _rowOf.TryGetValue(keyId, out var known))
            return Replace(known, pane, values);
        pane.Group = GroupOf(keyId);
        var group = _groups[pane.Group];
        Touch(pane.Group);
        group.RowCount++;
        if (!_keepsAll && group.Count == _ranking.Count)
        {
            PutForWorst(group, pane, values);
            return group;
        }

        var row = NewRow();
        pane.Next = group.First;
        group.First = row;
        Write(row, pane, values);
        group.Offer(_rows, row, _ranking.Count);
        if (_keepsAll)
            _rowOf.Add(keyId, row);
        return group;
    }

    private TopGroup Replace(int row, TopRow pane, ReadOnlySpan<long> values)
    {
        var before = _rows[row];
        (pane.Group, pane.Next, pane.Place) = (before.Group, before.Next, before.Place);
        Write(row, pane, values);
        var group = _groups[pane.Group];
        group.Change(_rows, row, before, _ranking.Count);
        Touch(pane.Group);
        return group;
    }

    private void PutForWorst(TopGroup group, TopRow pane, ReadOnlySpan<long> values)
    {
        var worst = group.Worst;
        if (!TopRow.IsBetter(pane, _rows[worst]))
            return;
        (pane.Next, pane.Place) = (_rows[worst].Next, 0);
        Write(worst, pane, values);
        group.SinkRoot(_rows);
    }

    private void Write(int row, in TopRow pane, ReadOnlySpan<long> values)
    {
        _rows[row] = pane;
        values[.._schema.Count].CopyTo(ValuesOf(row));
    }

    private bool TryMeritOf(int failureIndex, ResultFlags flags, long bits, out long merit)
    {
        merit = 0;
        if (failureIndex >= 0
            || ((flags & ResultFlags.NoValues) != ResultFlags.None && !_schema.IsCount(_ranking.Column)))
        {
            return false;
        }

        merit = bits;
        if (_schema.TypeOf(_ranking.Column) == MeasureType.Double)
        {
            var value = BitConverter.Int64BitsToDouble(bits);
            if (double.IsNaN(value))
                return false;

            // Adding 0 makes the two zeros one; of negative numbers, the larger has the smaller bits.
            merit = BitConverter.DoubleToInt64Bits(value + 0.0);
            merit = merit < 0 ? merit ^ long.MaxValue : merit;
        }

        merit = _ranking.IsAscending ? ~merit : merit;
        return true;
    }

    private int GroupOf(int keyId)
    {
        var key = _keyGroups?.GroupOf(keyId) ?? UInt128.Zero;
        if (_groupOf.TryGetValue(key, out var group))
            return group;
        group = _groupCount++;
        if (group == _groups.Count)
            _groups.Add(new TopGroup());
        _groups[group].Reset(key);
        _groupOf.Add(key, group);
        return group;
    }

    private void Touch(int group)
    {
        if (_groups[group].IsTouched)
            return;
        _groups[group].IsTouched = true;
        _touched.Add(group);
    }

    private int NewRow()
    {
        if (_rowCount == _rows.Length)
        {
            Array.Resize(ref _rows, _rowCount * 2);
            Array.Resize(ref _values, _rowCount * 2 * _schema.Count);
        }

        return _rowCount++;
    }

    private Span<long> ValuesOf(int row) => _values.AsSpan(row * _schema.Count, _schema.Count);
}
