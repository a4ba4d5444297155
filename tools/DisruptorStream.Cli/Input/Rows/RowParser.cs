using System.Runtime.CompilerServices;
using System.Text.Unicode;
using DisruptorStream.Cli.Aggregates.Exact;
using DisruptorStream.Cli.Input.Values;

namespace DisruptorStream.Cli.Input.Rows;

/// <summary>Makes a row of a batch of its fields, where nothing is wrong with them.</summary>
/// <remarks>
/// What it takes it takes as <see cref="EventParser"/> does, and it leaves no trace of a row that it does not take:
/// that one is read again, alone.
/// </remarks>
internal sealed unsafe class RowParser
{
    private readonly MeasuredCell[] _cells;
    private readonly RowTimes _times;
    private readonly KeyCache _keys;
    private readonly CellTexts _texts;
    private readonly int[] _keyFields;
    private readonly int _singleKey;
    private readonly bool _isCsv;
    private readonly bool _hasTexts;
    private readonly KeyComposer _composer;
    private readonly byte[] _composed = GC.AllocateArray<byte>(MostComposed + (2 * PaddedBytes.Padding), pinned: true);

    private const int MostComposed = 4096;

    /// <param name="layout">Which fields there are. It has one query and no expressions.</param>
    /// <param name="fileKey">The key of every event where that is the file.</param>
    /// <param name="keys">The ids of keys.</param>
    public RowParser(EventLayout layout, string fileKey, KeyCache keys)
    {
        _cells = [.. layout.Cells];
        _times = new RowTimes(layout.TimeFormat);
        _keys = keys;
        _texts = new CellTexts(layout.Symbols, layout.Format == InputFormat.Csv);
        _isCsv = layout.Format == InputFormat.Csv;
        _keyFields = layout.Keys[0].Fields;
        _singleKey = _keyFields.Length == 1 ? _keyFields[0] : -1;
        _hasTexts = _cells.Any(cell => cell.TextAt >= 0 || cell.ShownAt >= 0);
        _composer = new KeyComposer(layout.Keys[0].IsFileName ? fileKey : null);
    }

    /// <summary>Whether rows of a layout can be read together.</summary>
    public static bool Suits(EventLayout layout) => layout.Queries.Count == 1 && layout.Expressions.IsEmpty;

    /// <summary>Adds a row.</summary>
    /// <param name="first">What the places of the fields are counted from.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="rows">Where it goes; has room.</param>
    /// <param name="lastTicks">The last time that a row of this batch may have.</param>
    /// <returns>False where something is odd about it, or its time is later; nothing is kept of it then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryTake(byte* first, RowFields fields, RowBatch rows, long lastTicks)
    {
        var starts = fields.Starts;
        var lengths = fields.Lengths;
        if (lengths[EventLayout.TimeField] < 0
            || !_times.TryParse(
                first + starts[EventLayout.TimeField], lengths[EventLayout.TimeField], out var ticks)
            || ticks > lastTicks)
        {
            return false;
        }

        var key = first;
        var keyLength = 0;
        if (_singleKey >= 0)
        {
            key += starts[_singleKey];
            keyLength = Math.Max(0, lengths[_singleKey]);
        }
        else if (!TryCompose(first, fields, out key, out keyLength))
        {
            return false;
        }

        // A text is given a number for good: not before the row is known to be whole.
        if (_hasTexts && _isCsv && !Utf8.IsValid(new ReadOnlySpan<byte>(key, keyLength)))
            return false;
        var measures = rows.NextMeasures;
        foreach (var cell in _cells)
        {
            var length = lengths[cell.Field];
            var text = first + starts[cell.Field];
            if (cell.NumberAt >= 0 && !TryNumber(text, Math.Max(0, length), cell, measures))
                return false;
            if ((cell.TextAt & cell.ShownAt) >= 0 && !_texts.TryTake(
                new ReadOnlySpan<byte>(text, Math.Max(0, length)), cell, fields.AreTexts[cell.Field], measures))
            {
                return false;
            }
        }

        if (!_keys.TryFind(key, keyLength, out var id) && !TryAdd(key, keyLength, out id))
            return false;
        rows.Add(ticks, id);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryNumber(byte* text, int length, MeasuredCell cell, Span<long> measures)
    {
        double value;
        long code;
        if (ShortNumber.TryDigits(text, length, out var integer))
        {
            value = integer;
            code = IntegerCode.Of(integer);
        }
        else if (ShortNumber.TryDecimal(text, length, out value))
        {
            code = cell.IntegerAt >= 0 ? IntegerCode.Of(value) : 0;
        }
        else if (!NumberParser.TryParse(new ReadOnlySpan<byte>(text, length).Trim(" \t"u8), out value, out code))
        {
            return false;
        }

        measures[cell.NumberAt] = BitConverter.DoubleToInt64Bits(value);
        if (cell.IntegerAt >= 0)
            measures[cell.IntegerAt] = code;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryAdd(byte* key, int length, out int id)
    {
        id = 0;
        if (_isCsv && !Utf8.IsValid(new ReadOnlySpan<byte>(key, length)))
            return false;
        id = _keys.Add(key, length);
        return true;
    }

    /// <summary>A key of several columns, or of none.</summary>
    private bool TryCompose(byte* first, RowFields fields, out byte* key, out int length)
    {
        key = null;
        length = 0;
        _composer.Begin();
        for (var part = 0; part < _keyFields.Length; part++)
        {
            var field = _keyFields[part];
            var text = new ReadOnlySpan<byte>(first + fields.Starts[field], Math.Max(0, fields.Lengths[field]));
            if (_isCsv && !Utf8.IsValid(text))
                return false;
            _composer.Add(text, part);
        }

        if (_composer.Key.Length > MostComposed)
            return false;
        length = _composer.Key.Length;
        _composer.Key.CopyTo(_composed.AsSpan(PaddedBytes.Padding));
        fixed (byte* composed = _composed)
            key = composed + PaddedBytes.Padding;
        return true;
    }
}
