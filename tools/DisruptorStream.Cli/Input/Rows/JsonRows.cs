using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;
using DisruptorStream.Cli.Input.Records;
using DisruptorStream.Cli.Input.Values;

namespace DisruptorStream.Cli.Input.Rows;

/// <summary>Reads ordinary lines of JSON: flat objects without escapes, as programs write them.</summary>
/// <remarks>
/// Members are looked for where they were in the line before, so that a name is compared and not looked up. The
/// reader of single records reads all other lines.
/// </remarks>
internal sealed unsafe class JsonRows
{
    private const int MostMembers = 64;

    private readonly JsonPath _root;
    private readonly RowFields _fields;

    // In which line, counted from 1, a field was set last: a member that comes twice is odd.
    private readonly int[] _lineOfField;
    private readonly byte[][] _names = new byte[MostMembers][];
    private readonly JsonPath?[] _paths = new JsonPath?[MostMembers];
    private int _known;
    private int _line;

    /// <param name="root">What is asked for.</param>
    /// <param name="fieldCount">How many fields there are.</param>
    public JsonRows(JsonPath root, int fieldCount)
    {
        _root = root;
        _fields = new RowFields(fieldCount);
        _lineOfField = new int[fieldCount];
    }

    /// <inheritdoc cref="CsvRows.Read"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Read(PaddedBytes bytes, RowParser parser, RowBatch rows, long lastTicks)
    {
        var next = bytes.First;
        var limit = next + bytes.Length;
        while (!rows.IsFull && next < limit)
        {
            var end = ReadLine(next, limit);
            if (end is null || !parser.TryTake(next, _fields, rows, lastTicks))
                break;
            next = end;
        }

        return (int)(next - bytes.First);
    }

    /// <returns>What follows the line; null where it is odd, or not there whole.</returns>
    private byte* ReadLine(byte* first, byte* limit)
    {
        // Beyond the limit are bytes of earlier lines, so nothing counts before the end of this one is found within it.
        _line++;
        _fields.Lengths.AsSpan().Fill(-1);
        _fields.Starts.AsSpan().Clear();
        var next = first;
        if (*next++ != '{')
            return null;
        for (var member = 0; next < limit; member++)
        {
            next = PassName(next, limit, member);
            if (next is null || *next++ != ':')
                return null;
            next += *next == ' ' ? 1 : 0;
            next = PassValue(first, next, limit, _paths[member]);
            if (next is null)
                return null;
            if (*next == '}')
                return EndLine(next + 1, limit, member + 1);
            if (*next++ != ',')
                return null;
            next += *next == ' ' ? 1 : 0;
        }

        return null;
    }

    private byte* EndLine(byte* next, byte* limit, int members)
    {
        next += *next == '\r' ? 1 : 0;
        if (next >= limit || *next != '\n')
            return null;
        for (var member = 0; member < members; member++)
        {
            if (_paths[member] is { IsSeen: false } path)
                path.IsSeen = true;
        }

        return next + 1;
    }

    /// <summary>Goes over the name of a member with its quotes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* PassName(byte* next, byte* limit, int member)
    {
        if (member < _known)
        {
            var name = _names[member];
            if (limit - next >= name.Length && new ReadOnlySpan<byte>(next, name.Length).SequenceEqual(name))
                return next + name.Length;
        }

        return Learn(next, limit, member);
    }

    /// <summary>A name that is not where it was: from here on, names are learned anew.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* Learn(byte* next, byte* limit, int member)
    {
        if (member == MostMembers || *next != '"')
            return null;
        var end = EndOfText(next + 1, limit);
        if (end is null)
            return null;
        _names[member] = new ReadOnlySpan<byte>(next, (int)(end - next) + 1).ToArray();
        _paths[member] = _root.Find(new ReadOnlySpan<byte>(next + 1, (int)(end - next) - 1));
        _known = member + 1;
        return end + 1;
    }

    /// <summary>Goes over a value, and takes it where it is asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* PassValue(byte* first, byte* next, byte* limit, JsonPath? path)
    {
        if (*next == '"')
        {
            var end = EndOfText(next + 1, limit);
            return end is null || !TryTake(path, first, next + 1, end, isText: true) ? null : end + 1;
        }

        var last = next;
        while (last < limit && (*last is >= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'z'
            or (byte)'.' or (byte)'-' or (byte)'+' or (byte)'E'))
        {
            last++;
        }

        var token = new ReadOnlySpan<byte>(next, (int)(last - next));
        if (JsonToken.IsToken(token))
            return TryTake(path, first, next, last, isText: false) ? last : null;
        return token.SequenceEqual("null"u8) && TryTakeNull(path) ? last : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(JsonPath? path, byte* first, byte* start, byte* end, bool isText) =>
        path is null || TryTakeAsked(path, first, start, end, isText);

    private bool TryTakeAsked(JsonPath path, byte* first, byte* start, byte* end, bool isText)
    {
        var length = (int)(end - start);
        if (isText && !Utf8.IsValid(new ReadOnlySpan<byte>(start, length)))
            return false;
        var fields = path.Fields;
        for (var index = 0; index < fields.Count; index++)
        {
            var field = fields[index];
            if (!TryMark(field))
                return false;
            _fields.Starts[field] = (int)(start - first);
            _fields.Lengths[field] = length;
            _fields.AreTexts[field] = isText;
        }

        return true;
    }

    private bool TryTakeNull(JsonPath? path)
    {
        for (var index = 0; index < (path?.Fields.Count ?? 0); index++)
        {
            if (!TryMark(path!.Fields[index]))
                return false;
        }

        return true;
    }

    private bool TryMark(int field)
    {
        if (_lineOfField[field] == _line)
            return false;
        _lineOfField[field] = _line;
        return true;
    }

    /// <summary>The quote that ends a text; null where an escape or a control character comes first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* EndOfText(byte* next, byte* limit)
    {
        for (; next < limit; next += Vector128<byte>.Count)
        {
            var bytes = Vector128.Load(next);
            var ends = (Vector128.Equals(bytes, Vector128.Create((byte)'"'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(bytes, Vector128.Create((byte)' '))).ExtractMostSignificantBits();
            if (ends == 0)
                continue;
            next += BitOperations.TrailingZeroCount(ends);
            return next < limit && *next == '"' ? next : null;
        }

        return null;
    }
}
