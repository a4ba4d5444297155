using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using DisruptorStream.Durability.Files;
using DisruptorStream.Emission.Tables;

namespace DisruptorStream.Emission.Files;

/// <summary>Rows as text in UTF-8: lines of CSV or of JSON.</summary>
/// <remarks>A double is written so that reading it gives the same double. One thread at a time.</remarks>
internal sealed class TextRows
{
    private const int MostNumberBytes = 40;
    private const int FirstBytes = 1 << 16;

    // Below it, a double that is a whole number is written as an integer is.
    private const double LeastWithExponent = 1e15;

    private static readonly SearchValues<byte> QuotedInCsv = SearchValues.Create(",\"\n\r"u8);

    private readonly bool _isJson;

    // What stands before each cell: what separates it from the one before, and in JSON its name.
    private readonly byte[][] _prefixes;

    // The last text of each cell, and its bytes where it has come twice: often it comes again.
    private readonly (string? Text, byte[]? Bytes)[] _texts;
    private readonly (long Ticks, byte[]? Text)[] _times = new (long Ticks, byte[]? Text)[2];
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(FirstBytes, pinned: true);
    private int _used;
    private int _cell;
    private int _nextTime;

    /// <param name="format">CSV or JSON.</param>
    /// <param name="columns">The columns.</param>
    public TextRows(FileSinkFormat format, IReadOnlyList<ResultColumn> columns)
    {
        _isJson = format == FileSinkFormat.Ndjson;
        _prefixes = new byte[columns.Count][];
        _texts = new (string? Text, byte[]? Bytes)[columns.Count];
        for (var column = 0; column < _prefixes.Length; column++)
        {
            var name = $"\"{JsonEncodedText.Encode(columns[column].Name)}\":";
            var separator = column > 0 ? "," : _isJson ? "{" : "";
            _prefixes[column] = Encoding.UTF8.GetBytes(_isJson ? separator + name : separator);
        }

        if (_isJson)
            return;
        foreach (var column in columns)
            AddText(column.Name);
        EndRow();
        Header = Bytes.ToArray();
        Clear();
    }

    /// <summary>The first line of a file, with its end; empty where there is none.</summary>
    public byte[] Header { get; } = [];

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _used);

    /// <summary>The same, for a file.</summary>
    public FilePart Part => new(Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0), (nuint)_used);

    /// <summary>There is nothing: also where a row was begun and not ended.</summary>
    public void Clear() => (_used, _cell) = (0, 0);

    /// <summary>Adds the header of a file.</summary>
    public void AddHeader() => Append(Header);

    /// <summary>Adds lines that were made before.</summary>
    public void AddLines(ReadOnlySpan<byte> lines) => Append(lines);

    public void EndRow()
    {
        Append(_isJson ? "}\n"u8 : "\n"u8);
        _cell = 0;
    }

    public void AddNull()
    {
        BeginCell(MostNumberBytes);
        if (_isJson)
            AppendWithin("null"u8);
    }

    public void AddText(string value)
    {
        ref var last = ref _texts[_cell];
        if (last.Bytes is { } known && ReferenceEquals(last.Text, value))
        {
            BeginCell(known.Length);
            AppendWithin(known);
            return;
        }

        BeginCell(0);
        var start = _used;
        if (_isJson)
            EncodeJson(value);
        else
            EncodeCsv(value);
        last = (value, ReferenceEquals(last.Text, value) ? _bytes[start.._used] : null);
    }

    public void AddInteger(long value)
    {
        BeginCell(MostNumberBytes);
        Utf8Formatter.TryFormat(value, _bytes.AsSpan(_used), out var written);
        _used += written;
    }

    public void AddNumber(double value)
    {
        if (Math.Abs(value) < LeastWithExponent && (long)value is var whole && whole == value
            && (whole != 0 || !double.IsNegative(value)))
        {
            AddInteger(whole);
            return;
        }

        BeginCell(MostNumberBytes);
        if (_isJson && !double.IsFinite(value))
        {
            AppendWithin("null"u8);
            return;
        }

        value.TryFormat(_bytes.AsSpan(_used), out var written, default, CultureInfo.InvariantCulture);
        _used += written;
    }

    public void AddTime(long ticks)
    {
        // Rows of one window come together, and each has its start and its end.
        ref var known = ref _times[_nextTime ^= 1];
        if (known.Ticks != ticks || known.Text is null)
            known = (ticks, TextOf(ticks));
        BeginCell(known.Text.Length);
        AppendWithin(known.Text);
    }

    public void AddBoolean(bool value)
    {
        BeginCell(MostNumberBytes);
        AppendWithin(value ? "true"u8 : "false"u8);
    }

    private byte[] TextOf(long ticks)
    {
        Span<byte> text = stackalloc byte[MostNumberBytes];
        new DateTime(ticks + DateTime.UnixEpoch.Ticks, DateTimeKind.Utc).TryFormat(
            text, out var length, "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
        return _isJson ? [(byte)'"', .. text[..length], (byte)'"'] : text[..length].ToArray();
    }

    private void EncodeJson(string value)
    {
        Append("\""u8);

        // Half of a character of two is no text: it becomes U+FFFD, as it does in CSV.
        var encoded = value.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')
            ? JsonEncodedText.Encode(Encoding.UTF8.GetBytes(value))
            : JsonEncodedText.Encode(value);
        Append(encoded.EncodedUtf8Bytes);
        Append("\""u8);
    }

    private void EncodeCsv(string value)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(value.Length));
        var start = _used;
        _used += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_used));
        if (!_bytes.AsSpan(start, _used - start).ContainsAny(QuotedInCsv))
            return;
        var raw = _bytes[start.._used];
        _used = start;
        Append("\""u8);
        foreach (var one in raw)
        {
            if (one == '"')
                Append("\""u8);
            Append([one]);
        }

        Append("\""u8);
    }

    /// <summary>Begins the next cell, and makes room for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void BeginCell(int mostBytes)
    {
        var prefix = _prefixes[_cell++];
        Reserve(prefix.Length + mostBytes);
        AppendWithin(prefix);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        AppendWithin(bytes);
    }

    /// <summary>As <see cref="Append"/>, where room was made.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AppendWithin(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_used));
        _used += bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int count)
    {
        if (_bytes.Length - _used < count)
            Grow(count);
    }

    private void Grow(int count)
    {
        var larger = GC.AllocateUninitializedArray<byte>(
            checked((int)Math.Min(Array.MaxLength, Math.Max(2L * _bytes.Length, (long)_used + count))), pinned: true);
        _bytes.AsSpan(0, _used).CopyTo(larger);
        _bytes = larger;
    }
}
