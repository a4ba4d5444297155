using System.Globalization;
using System.Text;

namespace DisruptorStream.Sources.Files;

/// <summary>Reads events of the files of a source.</summary>
internal sealed class FileReader<TEvent> : ISeekableReader<TEvent>
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly FileFollower _files;
    private readonly RecordParser<TEvent> _parser;
    private readonly FileSourceOptions _options;
    private readonly RecordCutter _cutter;
    private long _offset;

    /// <param name="files">Stands where it begins.</param>
    /// <param name="parser">Makes events of records.</param>
    /// <param name="options">How files are read.</param>
    public FileReader(FileFollower files, RecordParser<TEvent> parser, FileSourceOptions options)
    {
        _files = files;
        _parser = parser;
        _options = options;
        _cutter = new RecordCutter(options.Framing, options.MaxRecordBytes);
        _offset = files.Offset;
    }

    public SourcePosition Position => _files.At(_offset);

    public long? Lag => _files.LagAt(_offset);

    public async ValueTask<bool> ReadAsync(SourceBatch<TEvent> batch, CancellationToken cancellationToken)
    {
        _files.ThrowUnlessAsNoted();
        var goesOn = await ReadSomeAsync(batch, cancellationToken).ConfigureAwait(false);
        _files.NoteRead(End);
        return goesOn;
    }

    public ValueTask DisposeAsync()
    {
        _files.Dispose();
        return default;
    }

    /// <summary>Behind all bytes that were read, also of a record that is not whole.</summary>
    private long End => _offset + _cutter.Rest;

    private async ValueTask<bool> ReadSomeAsync(SourceBatch<TEvent> batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_files.IsOpen && !TryBegin())
            {
                if (!_options.Follows)
                    return false;
                break;
            }

            if (!TryFill(batch))
                return true;
            if (TryReadBytes())
                continue;
            if (batch.Count > 0)
                return true;
            if (_files.HasNext(End))
            {
                // What came before the next file did.
                if (!TryReadBytes())
                    MoveOn(batch);
                continue;
            }

            // Another one may have got its place.
            if (TryReadBytes())
                continue;
            if (!_options.Follows)
            {
                TakeRest(batch);
                return false;
            }

            break;
        }

        await Task.Delay(_options.PollInterval, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private bool TryBegin()
    {
        var begins = _files.TryBegin();
        if (!begins && !_options.Follows && _files.At(0).IsStart)
        {
            throw new FileNotFoundException(
                $"There is no file '{_files.Path}'; look at the path, or let the source follow files, so that it waits "
                + "for one.");
        }

        _offset = 0;
        return begins;
    }

    /// <summary>Adds what is here; false where the batch is full.</summary>
    private bool TryFill(SourceBatch<TEvent> batch)
    {
        while (!batch.IsFull)
        {
            bool isCut, isTooLong;
            long taken;
            ReadOnlySpan<byte> record;
            try
            {
                isCut = _cutter.TryCut(out record, out taken, out isTooLong);
            }
            catch (InvalidDataException failure)
            {
                throw new SourceRecordException($"{Where()} is no record: {failure.Message}.", failure);
            }

            if (!isCut)
                return true;
            Add(batch, record, isTooLong);
            _offset += taken;
        }

        return false;
    }

    private void Add(SourceBatch<TEvent> batch, ReadOnlySpan<byte> record, bool isTooLong)
    {
        if (isTooLong)
        {
            batch.Reject(Where(), string.Create(
                CultureInfo.InvariantCulture, $"it is longer than MaxRecordBytes ({_options.MaxRecordBytes})"));
            return;
        }

        if (_offset == 0 && _options.Framing == RecordFraming.Lines && record.StartsWith(ByteOrderMark))
            record = record[ByteOrderMark.Length..];
        var isEvent = false;
        TEvent parsed;
        try
        {
            isEvent = _parser(record, out parsed);
        }
        catch (Exception failure)
        {
            batch.Reject(Where(), $"{failure.Message.TrimEnd('.')} (in {Shown(record)})");
            return;
        }

        if (isEvent)
            batch.Add(parsed);
    }

    private bool TryReadBytes()
    {
        var read = _files.Read(_cutter.Room(), End);
        _cutter.Take(read);
        return read > 0;
    }

    /// <summary>The file is at its end for good.</summary>
    private void MoveOn(SourceBatch<TEvent> batch)
    {
        TakeRest(batch);
        _files.TryMoveOn(_offset);
        _offset = 0;
    }

    /// <summary>A last line need not have an end.</summary>
    private void TakeRest(SourceBatch<TEvent> batch)
    {
        if (_cutter.Rest == 0)
            return;
        try
        {
            var rest = _cutter.CutRest(out var taken, out var isTooLong);
            Add(batch, rest, isTooLong);
            _offset += taken;
        }
        catch (InvalidDataException failure)
        {
            throw new SourceRecordException(
                $"{Where()} is no record: {failure.Message}. Restore the file as it was.", failure);
        }
    }

    private string Where() =>
        string.Create(CultureInfo.InvariantCulture, $"The record at byte {_offset} of '{_files.Path}'");

    /// <summary>The beginning of a record, for people.</summary>
    private static string Shown(ReadOnlySpan<byte> record)
    {
        const int Most = 80;
        var text = Encoding.UTF8.GetString(record[..Math.Min(record.Length, Most)]);
        return record.Length > Most ? $"'{text}…'" : $"'{text}'";
    }
}
