using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using DisruptorStream.Durability.Files;
using DisruptorStream.Emission.Tables;

namespace DisruptorStream.Emission.Files;

/// <summary>Rows as text in UTF-8: lines of CSV or of JSON.</summary>
/// <remarks>A double is written so that reading it gives the same double. One thread at a time.</remarks>
internal sealed class TextRows : IResultCells
{
    private const int MostNumberBytes = 40;

    private static readonly byte[] QuotedInCsv = [(byte)',', (byte)'"', (byte)'\n', (byte)'\r'];

    private readonly bool _isJson;
    private readonly byte[][] _names;
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(1 << 16, pinned: true);
    private readonly (long Ticks, byte[]? Text)[] _times = new (long Ticks, byte[]? Text)[2];
    private int _used;
    private int _cell;
    private int _nextTime;

    /// <param name="format">CSV or JSON.</param>
    /// <param name="columns">The columns.</param>
    public TextRows(FileSinkFormat format, IReadOnlyList<ResultColumn> columns)
    {
        _isJson = format == FileSinkFormat.Ndjson;
        _names = new byte[columns.Count][];
        for (var column = 0; column < _names.Length; column++)
            _names[column] = Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(columns[column].Name)}\":");
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

    public void Clear() => _used = 0;

    /// <summary>Adds the header of a file.</summary>
    public void AddHeader() => Append(Header);

    public void EndRow()
    {
        if (_isJson)
            Append("}"u8);
        Append("\n"u8);
        _cell = 0;
    }

    public void AddNull()
    {
        BeginCell();
        if (_isJson)
            Append("null"u8);
    }

    public void AddText(string value)
    {
        BeginCell();
        if (_isJson)
        {
            Append("\""u8);
            Append(JsonEncodedText.Encode(value).EncodedUtf8Bytes);
            Append("\""u8);
            return;
        }

        Reserve(Encoding.UTF8.GetMaxByteCount(value.Length));
        var start = _used;
        _used += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_used));
        if (_bytes.AsSpan(start, _used - start).IndexOfAny(QuotedInCsv) < 0)
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

    public void AddInteger(long value)
    {
        BeginCell();
        Reserve(MostNumberBytes);
        Utf8Formatter.TryFormat(value, _bytes.AsSpan(_used), out var written);
        _used += written;
    }

    public void AddNumber(double value)
    {
        BeginCell();
        if (_isJson && !double.IsFinite(value))
        {
            Append("null"u8);
            return;
        }

        Reserve(MostNumberBytes);
        value.TryFormat(_bytes.AsSpan(_used), out var written, default, CultureInfo.InvariantCulture);
        _used += written;
    }

    public void AddTime(long ticks)
    {
        BeginCell();
        if (_isJson)
            Append("\""u8);

        // Rows of one window come together, and each has its start and its end.
        ref var known = ref _times[_nextTime ^= 1];
        if (known.Ticks != ticks || known.Text is null)
            known = (ticks, TextOf(ticks));
        Append(known.Text);
        if (_isJson)
            Append("\""u8);
    }

    public void AddBoolean(bool value)
    {
        BeginCell();
        Append(value ? "true"u8 : "false"u8);
    }

    private static byte[] TextOf(long ticks)
    {
        var text = new byte[MostNumberBytes];
        new DateTime(ticks + DateTime.UnixEpoch.Ticks, DateTimeKind.Utc).TryFormat(
            text, out var length, "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
        return text[..length];
    }

    private void BeginCell()
    {
        if (_isJson)
            Append(_cell == 0 ? "{"u8 : ","u8);
        else if (_cell > 0)
            Append(","u8);
        if (_isJson)
            Append(_names[_cell]);
        _cell++;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_used));
        _used += bytes.Length;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _used >= count)
            return;
        var larger = GC.AllocateUninitializedArray<byte>(
            checked((int)Math.Min(Array.MaxLength, Math.Max(2L * _bytes.Length, (long)_used + count))), pinned: true);
        _bytes.AsSpan(0, _used).CopyTo(larger);
        _bytes = larger;
    }
}
