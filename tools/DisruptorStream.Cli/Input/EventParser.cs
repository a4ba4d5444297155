using System.Text.Unicode;
using DisruptorStream.Cli.Input.Derived;
using DisruptorStream.Cli.Input.Records;
using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Cli.Text;
using DisruptorStream.Expressions.Kernels.Conversions;

namespace DisruptorStream.Cli.Input;

/// <summary>Makes an event of the fields of a record: its time, its keys, its measures.</summary>
internal sealed class EventParser
{
    private readonly EventLayout _layout;
    private readonly KeyComposer[] _keys;
    private readonly long[] _measures;
    private readonly MeasuredCell[] _cells;

    private readonly CellTexts _texts;
    private readonly RowProgram? _program;
    private readonly bool _isCsv;

    /// <param name="layout">Which fields there are.</param>
    /// <param name="fileKey">The key of every event where that is the file.</param>
    public EventParser(EventLayout layout, string fileKey)
    {
        _layout = layout;
        _keys = [.. layout.Keys.Select(key => new KeyComposer(key.IsFileName ? fileKey : null))];
        _measures = new long[Math.Max(1, layout.Measures.Count)];
        _cells = [.. layout.Cells];
        _program = layout.Expressions.IsEmpty ? null : new RowProgram(layout.Expressions);
        _isCsv = layout.Format == InputFormat.Csv;
        _texts = new CellTexts(layout.Symbols, _isCsv);
    }

    /// <summary>The time of the event, in ticks since the Unix epoch.</summary>
    public long Ticks { get; private set; }

    /// <summary>A key of the event in UTF-8, composed by <see cref="KeyComposer"/>.</summary>
    /// <param name="key">Which one: that of a query that takes the event.</param>
    public ReadOnlySpan<byte> KeyAt(int key) => _keys[key].Key;

    /// <summary>The 64 bits of each measure; NaN where the input has none.</summary>
    public ReadOnlySpan<long> Measures => _measures;

    /// <summary>
    /// The column in which the newest record has text where a number is needed; null where it has not.
    /// </summary>
    public string? TextColumn { get; private set; }

    /// <summary>A bit for each condition that is true of the newest record.</summary>
    public ulong Passed { get; private set; }

    /// <summary>
    /// A bit for each query that takes the newest record; where none does, it has a time and no more.
    /// </summary>
    public ulong Takers { get; private set; }

    /// <summary>The cells that were not what an expression needs.</summary>
    public IEnumerable<UnreadCells> Unread => _program?.Unread ?? [];

    /// <summary>Whether an option or a byte order mark says how the input is written.</summary>
    public bool IsEncodingSaid { get; set; }

    /// <summary>Takes the event of a record. Returns what is wrong with it; null when nothing is.</summary>
    public string? Take(FieldTable fields)
    {
        TextColumn = null;
        if (TakeTime(fields) is { } problem)
            return problem;

        Passed = _program?.Run(fields, _layout) ?? 0;
        Takers = _layout.TakersOf(Passed);
        if (Takers == 0)
            return null;
        problem = TakeKeys(fields);
        if (problem is not null)
            return problem;
        foreach (var cell in _cells)
        {
            // What is filtered need not be readable beyond what the filter reads.
            problem = TakeNumber(cell, (cell.NumberUsers & Takers) == 0 ? default : fields[cell.Field])
                ?? TakeText(
                    cell,
                    (cell.TextUsers & Takers) == 0 ? default : fields[cell.Field],
                    fields.IsText(cell.Field));
            if (problem is not null)
                return problem;
        }

        return null;
    }

    private string? TakeTime(FieldTable fields)
    {
        var text = fields[EventLayout.TimeField];
        if (TimeParser.TryParse(text.Trim(" \t"u8), _layout.TimeFormat, out var ticks))
        {
            Ticks = ticks;
            return null;
        }

        return fields.IsPresent(EventLayout.TimeField)
            ? $"'{PlainText.Of(text)}' is not a time of the format {_layout.TimeFormatName}"
                + TimeParser.Hint(text.Trim(" \t"u8))
            : $"it has no '{PlainText.Of(_layout.Fields[EventLayout.TimeField])}'";
    }

    private string? TakeKeys(FieldTable fields)
    {
        for (var key = 0; key < _keys.Length; key++)
        {
            var layout = _layout.Keys[key];
            if ((layout.Users & Takers) == 0)
                continue;
            foreach (var field in layout.Fields)
            {
                if (CheckText(_layout.Fields[field], fields[field]) is { } problem)
                    return problem;
            }

            _keys[key].Compose(fields, layout.Fields);
        }

        return null;
    }

    private string? TakeNumber(MeasuredCell cell, ReadOnlySpan<byte> text)
    {
        if (cell.NumberAt < 0)
            return null;
        if (!NumberParser.TryParse(text.Trim(" \t"u8), out var value, out var code))
        {
            if (double.IsInfinity(value))
                return $"'{PlainText.Of(text)}' in '{PlainText.Of(cell.Name)}' is beyond the numbers of 64 bits";
            TextColumn = cell.Name;
            return $"'{PlainText.Of(text)}' in '{PlainText.Of(cell.Name)}' is not a number";
        }

        _measures[cell.NumberAt] = BitConverter.DoubleToInt64Bits(value);
        if (cell.IntegerAt >= 0)
            _measures[cell.IntegerAt] = code;
        return null;
    }

    private string? TakeText(MeasuredCell cell, ReadOnlySpan<byte> text, bool isText)
    {
        if ((cell.TextAt & cell.ShownAt) < 0)
            return null;
        return _texts.TryTake(text, cell, isText, _measures) ? null : CheckText(cell.Name, text);
    }

    /// <summary>What is no text would be made equal to other texts that are none.</summary>
    private string? CheckText(string name, ReadOnlySpan<byte> text)
    {
        // Strings of JSON have been looked at already.
        if (!_isCsv || Utf8.IsValid(text))
            return null;
        return $"'{PlainText.Of(text)}' in '{PlainText.Of(name)}' "
            + (IsEncodingSaid
                ? "has bytes that are no characters"
                : "is not UTF-8 (--encoding latin1 or windows-1252 may read it)");
    }
}
