using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DisruptorStream.Cli.Input.Records;

/// <summary>Cuts comma-separated values into records and fields, both by the rules of RFC 4180.</summary>
/// <remarks>
/// A quote opens only at the beginning of a field; elsewhere it is a character like others. What follows a closing
/// quote breaks its field, but swallows no line. A line ends with LF, CR, or both. The bytes that matter are found
/// 64 at a time, and only they are looked at.
/// </remarks>
internal sealed class CsvScanner : RecordScanner
{
    /// <summary>The most fields that are kept of a record; the others are counted.</summary>
    public const int MostFields = 1 << 16;

    private const int BlockBytes = 64;

    private CsvField[] _fields = new CsvField[32];
    private State _state;
    private int _scanned;
    private int _fieldStart;
    private int _closedAt;
    private int _breakAt;
    private int _openedAfterBreaks;
    private int _returnAt;
    private bool _endsWithReturn;
    private bool _isEscaped;
    private bool _isDiscarding;

    /// <summary>Outside of quotes, within them, or behind a quote that may have closed them.</summary>
    private enum State
    {
        Plain,
        Quoted,
        Closing,
    }

    /// <summary>How many fields the record has.</summary>
    public int FieldCount { get; private set; }

    /// <summary>The first field, from 0, that is broken or not closed; -1 where none is.</summary>
    public int FaultyField { get; private set; } = -1;

    /// <summary>The line breaks of the record before the quote that was opened last.</summary>
    public int BreaksBeforeQuote => _openedAfterBreaks;

    /// <summary>
    /// The line breaks of a record that is too long before the quote that made it so; -1 where none did.
    /// </summary>
    public int LongQuoteBreaks { get; private set; } = -1;

    /// <summary>The fields, up to <see cref="MostFields"/>.</summary>
    public ReadOnlySpan<CsvField> Fields => _fields.AsSpan(0, Math.Min(FieldCount, MostFields));

    public override int Scan(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        if (_endsWithReturn && (_scanned < bytes.Length || isAtEnd))
            return EndAfterReturn(bytes);
        Span<byte> last = stackalloc byte[BlockBytes];
        while (_scanned < bytes.Length)
        {
            ulong specials;
            var room = bytes.Length - _scanned;
            if (room >= BlockBytes)
            {
                specials = FindSpecials(ref MemoryMarshal.GetReference(bytes[_scanned..]));
            }
            else
            {
                last.Clear();
                bytes[_scanned..].CopyTo(last);
                specials = FindSpecials(ref MemoryMarshal.GetReference(last));
            }

            for (; specials != 0; specials &= specials - 1)
            {
                var place = _scanned + BitOperations.TrailingZeroCount(specials);
                if (!Take(bytes[place], place))
                    continue;
                if (bytes[place] == '\n')
                    return place + 1;
                (_endsWithReturn, _scanned) = (true, place + 1);
                return _scanned < bytes.Length || isAtEnd ? EndAfterReturn(bytes) : -1;
            }

            _scanned += Math.Min(room, BlockBytes);
        }

        if (!isAtEnd)
            return -1;
        EndRecord(bytes.Length);
        return bytes.Length;
    }

    public override void Reset()
    {
        (_state, _scanned, _fieldStart, _isEscaped, _isDiscarding) = (State.Plain, 0, 0, false, false);
        (FieldCount, FaultyField, Breaks, _openedAfterBreaks, _breakAt) = (0, -1, 0, 0, -2);
        (_returnAt, _endsWithReturn, LongQuoteBreaks) = (-2, false, -1);
    }

    public override void Discard(int bytes)
    {
        if (!_isDiscarding && _state == State.Quoted)
            LongQuoteBreaks = _openedAfterBreaks;
        _isDiscarding = true;
        _scanned = Math.Max(0, _scanned - bytes);
        _fieldStart = Math.Max(-1, _fieldStart - bytes);
        _closedAt = Math.Max(-2, _closedAt - bytes);
        _breakAt = Math.Max(-2, _breakAt - bytes);
        _returnAt = Math.Max(-2, _returnAt - bytes);
    }

    /// <summary>The bytes of a block that are a comma, a quote or a line break, a bit for each.</summary>
    private static ulong FindSpecials(ref byte block)
    {
        var low = Vector256.LoadUnsafe(ref block);
        var high = Vector256.LoadUnsafe(ref block, (nuint)Vector256<byte>.Count);
        return FindSpecials(low) | (ulong)FindSpecials(high) << Vector256<byte>.Count;
    }

    private static uint FindSpecials(Vector256<byte> bytes) => (
        Vector256.Equals(bytes, Vector256.Create((byte)','))
        | Vector256.Equals(bytes, Vector256.Create((byte)'\n'))
        | Vector256.Equals(bytes, Vector256.Create((byte)'\r'))
        | Vector256.Equals(bytes, Vector256.Create((byte)'"'))).ExtractMostSignificantBits();

    /// <summary>Takes the next byte that matters. Returns whether it ends the record.</summary>
    private bool Take(byte special, int place)
    {
        if (special == '"')
        {
            TakeQuote(place);
            return false;
        }

        if (_state == State.Quoted)
        {
            if (special != ',')
                TakeQuotedBreak(special, place);
            return false;
        }

        if (special != ',')
        {
            // A return is the end only once it is known whether a line feed belongs to it.
            if (special == '\n')
                EndRecord(place);
            return true;
        }

        EndField(place);
        return false;
    }

    /// <summary>A return and the line feed behind it are one break.</summary>
    private void TakeQuotedBreak(byte special, int place)
    {
        Breaks += special == '\n' && _returnAt == place - 1 ? 0 : 1;
        _breakAt = place;
        if (special == '\r')
            _returnAt = place;
    }

    /// <summary>Ends the record at the return before what is scanned next, which may be its line feed.</summary>
    private int EndAfterReturn(ReadOnlySpan<byte> bytes)
    {
        EndRecord(Math.Max(0, _scanned - 1));
        return _scanned < bytes.Length && bytes[_scanned] == '\n' ? _scanned + 1 : _scanned;
    }

    private void TakeQuote(int place)
    {
        if (_state == State.Plain && place == _fieldStart)
        {
            _state = State.Quoted;
            _openedAfterBreaks = Breaks;
        }
        else if (_state == State.Quoted)
        {
            _state = State.Closing;
            _closedAt = place;
        }
        else if (_state == State.Closing && place == _closedAt + 1)
        {
            _state = State.Quoted;
            _isEscaped = true;
        }
    }

    private void EndRecord(int end)
    {
        // The end of the input within quotes: a break there ends the last line, and begins none.
        if (_state == State.Quoted && _breakAt == end - 1)
            Breaks--;
        Length = end;
        EndField(end);
    }

    /// <param name="end">Where the comma or line break behind it is.</param>
    private void EndField(int end)
    {
        var kind = _state switch
        {
            State.Plain => CsvFieldKind.Plain,
            State.Quoted => CsvFieldKind.Unclosed,
            _ when _closedAt + 1 != end => CsvFieldKind.Broken,
            _ => _isEscaped ? CsvFieldKind.Escaped : CsvFieldKind.Quoted,
        };
        if (kind >= CsvFieldKind.Broken && FaultyField < 0)
            FaultyField = FieldCount;
        var start = kind == CsvFieldKind.Plain ? _fieldStart : _fieldStart + 1;
        var length = (kind is CsvFieldKind.Quoted or CsvFieldKind.Escaped ? _closedAt : end) - start;
        if (!_isDiscarding && FieldCount < MostFields)
        {
            if (FieldCount == _fields.Length)
                Array.Resize(ref _fields, FieldCount * 2);
            _fields[FieldCount] = new CsvField(start, Math.Max(0, length), kind);
        }

        FieldCount++;
        _fieldStart = end + 1;
        (_state, _isEscaped) = (State.Plain, false);
    }
}
