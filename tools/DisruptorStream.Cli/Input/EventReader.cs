using System.Globalization;
using System.IO.Hashing;
using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Aggregates;

namespace DisruptorStream.Cli.Input;

/// <summary>Reads the events of one input, one after another, in place.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly LineReader _lines;
    private readonly RecordFormat _format;
    private readonly EventLayout _layout;
    private readonly FieldTable _fields;
    private readonly BadLines _badLines;
    private readonly KeyComposer _key;
    private readonly long[] _measures;
    private readonly bool _needsHeader;
    private bool _isAtStart = true;

    public EventReader(string name, Stream stream, EventLayout layout, BadLines badLines)
    {
        Name = name;
        _layout = layout;
        _badLines = badLines;
        _lines = new LineReader(stream, hasQuotes: layout.Format == InputFormat.Csv);
        _format = RecordFormat.Create(layout.Format, layout.Fields);
        _fields = new FieldTable(layout.Fields.Count);
        _key = new KeyComposer(layout.KeyIsFileName ? Path.GetFileName(name) : null);
        _measures = new long[Math.Max(1, layout.Measures.Count)];
        _needsHeader = _format.HasHeader;
    }

    public string Name { get; }

    /// <summary>The time of the event, in ticks since the Unix epoch.</summary>
    public long Ticks { get; private set; }

    /// <summary>The key of the event in UTF-8, composed by <see cref="KeyComposer"/>.</summary>
    public ReadOnlySpan<byte> Key => _key.Key;

    /// <summary>The 64 bits of each measure; NaN where the input has none.</summary>
    public ReadOnlySpan<long> Measures => _measures;

    /// <summary>Goes to the next event. Returns false at the end of the input.</summary>
    /// <exception cref="InvalidDataException">The input lacks a column, or has a record that is too long.</exception>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryMoveNext())
                return true;
            if (!await _lines.FillAsync(cancellationToken).ConfigureAwait(false))
                break;
        }

        ThrowIfEmpty();
        return false;
    }

    /// <summary>Reads no more than the header, or the first buffer of an input that has none.</summary>
    /// <exception cref="InvalidDataException">The input lacks a column, or its header.</exception>
    public async ValueTask ReadFirstAsync(CancellationToken cancellationToken)
    {
        while (_isAtStart)
        {
            if (!TryMoveNext() && _isAtStart && !await _lines.FillAsync(cancellationToken).ConfigureAwait(false))
                break;
        }

        ThrowIfEmpty();
    }

    /// <summary>Goes to the next event of what has been read already, without waiting.</summary>
    public bool TryMoveNext()
    {
        while (_lines.TryRead(out var record))
        {
            if (_isAtStart)
            {
                _isAtStart = false;
                if (record.StartsWith(ByteOrderMark))
                    record = record[ByteOrderMark.Length..];
                if (_needsHeader)
                {
                    ReadHeader(record);
                    continue;
                }
            }

            if (record.Length > 0 && TryTake(record))
                return true;
        }

        return false;
    }

    public ValueTask DisposeAsync() => _lines.DisposeAsync();

    private void ThrowIfEmpty()
    {
        if (_needsHeader && _isAtStart)
            throw new InvalidDataException($"{Name} is empty: it has not even a header.");
    }

    private void ReadHeader(ReadOnlySpan<byte> record)
    {
        try
        {
            _format.ReadHeader(record);
        }
        catch (MissingColumnException exception)
        {
            throw new InvalidDataException($"{Name}: {exception.Message}", exception);
        }
    }

    private bool TryTake(ReadOnlySpan<byte> record)
    {
        _fields.Clear();
        var problem = _format.Read(record, _fields) ?? TakeTime() ?? TakeMeasures();
        if (problem is null)
        {
            _key.Compose(_fields, EventLayout.FirstKeyField, _layout.KeyCount);
            return true;
        }

        _badLines.Add(Name, _lines.LineNumber, problem);
        return false;
    }

    private string? TakeTime()
    {
        var text = _fields[EventLayout.TimeField];
        if (TimeParser.TryParse(text.Trim((byte)' '), _layout.TimeFormat, out var ticks))
        {
            Ticks = ticks;
            return null;
        }

        return _fields.IsPresent(EventLayout.TimeField)
            ? $"'{Text(text)}' is not a time of the format {_layout.TimeFormatName}{TimeParser.Hint(text)}"
            : $"it has no '{_layout.Fields[EventLayout.TimeField]}'";
    }

    private string? TakeMeasures()
    {
        for (var i = 0; i < _layout.Measures.Count; i++)
        {
            var measure = _layout.Measures[i];
            var text = _fields[_layout.FirstMeasure + i];
            if (measure.Type == MeasureType.Symbol)
            {
                _measures[i] = SymbolOf(measure, text);
                continue;
            }

            text = text.Trim((byte)' ');
            var value = double.NaN;
            if (text.Length > 0 && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
                return $"'{Text(text)}' in '{measure.Name}' is not a number";
            _measures[i] = BitConverter.DoubleToInt64Bits(value);
        }

        return null;
    }

    /// <summary>A missing or empty text is none; where no text is shown, its hash stands for it.</summary>
    private long SymbolOf(InputMeasure measure, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return SymbolTable.None;
        return measure.KeepsText ? _layout.Symbols.Intern(text) : Math.Max(1, (long)(XxHash3.HashToUInt64(text) >> 1));
    }

    private static string Text(ReadOnlySpan<byte> utf8) =>
        System.Text.Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 80)]);
}
