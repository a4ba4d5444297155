using DisruptorStream.Cli.Input.Decoding;
using DisruptorStream.Cli.Input.Records;
using DisruptorStream.Cli.Input.Rows;
using DisruptorStream.Cli.Text;
using DisruptorStream.Expressions.Kernels.Conversions;

namespace DisruptorStream.Cli.Input;

/// <summary>Reads the events of one input, one after another, in place.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private const int FewRows = 4;
    private const int MostPauses = 63;

    private readonly EventLayout _layout;
    private readonly string _fileKey;
    private readonly DecodingStream _text;
    private readonly RecordReader _records;
    private readonly RecordFormat _format;
    private readonly FieldTable _fields;
    private readonly EventParser _event;
    private readonly BadLines _badLines;
    private readonly bool _isEncodingSaid;
    private bool _isAtStart = true;
    private bool _needsHeader;
    private RowParser? _rowParser;
    private int _pauses;
    private int _pause;

    /// <param name="name">What the input is called.</param>
    /// <param name="stream">The input; disposed with the reader.</param>
    /// <param name="layout">Which fields are read.</param>
    /// <param name="badLines">Counts the lines.</param>
    /// <param name="fileKey">The key where that is the file; null for the last part of the name.</param>
    public EventReader(
        string name, Stream stream, EventLayout layout, BadLines badLines, string? fileKey = null)
    {
        Name = name;
        _layout = layout;
        _fileKey = fileKey ?? Path.GetFileName(name);
        _badLines = badLines;
        _format = RecordFormat.Create(layout.Format, layout.InputFields, layout.IsRagged);
        _isEncodingSaid = layout.Encoding != TextEncoding.Utf8;
        _text = new DecodingStream(PlainText.Of(name), stream, layout.Encoding);
        _records = new RecordReader(_text, _format.Scanner);
        _fields = new FieldTable(layout.Fields.Count);
        _event = new EventParser(layout, _fileKey);
        _needsHeader = _format.HasHeader;
    }

    public string Name { get; }

    /// <summary>The time of the event, in ticks since the Unix epoch.</summary>
    public long Ticks => _event.Ticks;

    /// <summary>A key of the event in UTF-8: that of a query that takes it.</summary>
    public ReadOnlySpan<byte> KeyAt(int key) => _event.KeyAt(key);

    /// <summary>The 64 bits of each measure.</summary>
    public ReadOnlySpan<long> Measures => _event.Measures;

    /// <summary>A bit for each condition that is true of the event.</summary>
    public ulong Passed => _event.Passed;

    /// <summary>A bit for each query that takes the event.</summary>
    public ulong Takers => _event.Takers;

    /// <summary>Whether no query takes the event: it tells its time, and nothing else.</summary>
    public bool IsFiltered => _event.Takers == 0;

    /// <summary>The cells so far that were not what an expression needs.</summary>
    public IEnumerable<UnreadCells> Unread => _event.Unread;

    /// <summary>Goes to the next event. Returns false at the end of the input.</summary>
    /// <exception cref="InvalidDataException">The input lacks a column, is damaged, or is no text.</exception>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryMoveNext())
                return true;
            if (!await _records.FillAsync(cancellationToken).ConfigureAwait(false))
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
            if (!TryMoveNext() && _isAtStart && !await _records.FillAsync(cancellationToken).ConfigureAwait(false))
                break;
        }

        ThrowIfEmpty();
    }

    /// <summary>Goes to the next event of what has been read already, without waiting.</summary>
    public bool TryMoveNext()
    {
        while (_records.TryRead(out var record))
        {
            _badLines.Lines.Further += _records.FurtherLines;
            if (_format.IsBlank(record) && !_records.IsTooLong)
            {
                _badLines.Lines.Blank++;
                continue;
            }

            _isAtStart = false;
            _format.IsEncodingSaid = _event.IsEncodingSaid = _isEncodingSaid || _text.HasMark;
            if (_needsHeader)
                ReadHeader(record);
            else if (TryTake(record))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Reads ordinary rows together, without waiting. The first record that is none, and all where there are few of
    /// them, are left to the other members.
    /// </summary>
    /// <param name="rows">Where they go.</param>
    /// <param name="keys">The ids of their keys.</param>
    /// <param name="lastTicks">The last time that they may have.</param>
    /// <returns>Whether there are any.</returns>
    public bool TryReadRows(RowBatch rows, KeyCache keys, long lastTicks)
    {
        rows.Clear();
        if (_needsHeader || _pause-- > 0)
            return false;
        _rowParser ??= new RowParser(_layout, _fileKey, keys);
        var unread = _records.Unread;
        var taken = _format.ReadRows(unread, _rowParser, rows, lastTicks);
        if (rows.Count > 0)
        {
            _records.Skip(taken, rows.Count);
            _badLines.Lines.Events += rows.Count;
        }

        // Where odd records are frequent, looking for others costs more than it saves.
        _pauses = rows.Count >= FewRows ? 0 : Math.Min(MostPauses, (_pauses * 2) + 1);
        _pause = _pauses;
        return rows.Count > 0;
    }

    /// <summary>Adds what the lines have shown of the fields.</summary>
    public void AddTo(FieldSightings sightings) => _format.AddTo(sightings);

    public ValueTask DisposeAsync() => _records.DisposeAsync();

    private void ThrowIfEmpty()
    {
        if (_needsHeader)
            throw new InvalidDataException($"{PlainText.Of(Name)} is empty: it has not even a header.");
    }

    private void ReadHeader(ReadOnlySpan<byte> record)
    {
        if (_records.IsTooLong)
        {
            throw new InvalidDataException(
                $"{PlainText.Of(Name)}: the header {_format.DescribeTooLong(_records.LineNumber)}.");
        }

        try
        {
            _format.ReadHeader(record);
        }
        catch (Exception exception) when (exception is MissingColumnException or InvalidDataException)
        {
            throw new InvalidDataException($"{PlainText.Of(Name)}: {exception.Message}", exception);
        }

        _needsHeader = false;
        _badLines.Lines.Headers++;
    }

    private bool TryTake(ReadOnlySpan<byte> record)
    {
        _fields.Clear();
        var problem = _records.IsTooLong
            ? $"it {_format.DescribeTooLong(_records.LineNumber)}"
            : _format.Read(record, _records.LineNumber, _fields);
        var textColumn = default(string);
        if (problem is null)
        {
            problem = _event.Take(_fields);
            textColumn = _event.TextColumn;
        }

        if (problem is null)
        {
            if (IsFiltered)
                _badLines.Lines.Filtered++;
            else
                _badLines.Lines.Events++;
            return true;
        }

        _badLines.Add(Name, _records.LineNumber, problem, textColumn);
        return false;
    }
}
