using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using DisruptorStream.Durability.Files;
using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Tables;

namespace DisruptorStream.Emission.Texts;

/// <summary>Rows as text in UTF-8: lines of CSV or of JSON.</summary>
/// <remarks>A double is written so that reading it gives the same double. One thread at a time.</remarks>
internal sealed class TextRows
{
    private const int FirstBytes = 1 << 16;

    private readonly bool _isJson;
    private readonly CellText _texts;
    private readonly MomentText _moments = new();

    // What stands before each cell: what separates it from the one before, and in JSON its name.
    private readonly MadeText[] _prefixes;

    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(FirstBytes, pinned: true);
    private int _used;
    private int _cell;

    /// <param name="format">CSV or JSON.</param>
    /// <param name="columns">The columns.</param>
    public TextRows(FileSinkFormat format, IReadOnlyList<ResultColumn> columns)
    {
        _isJson = format == FileSinkFormat.Ndjson;
        _texts = _isJson ? new JsonCellText() : new CsvCellText();
        _prefixes = new MadeText[columns.Count];
        for (var column = 0; column < _prefixes.Length; column++)
        {
            var name = $"\"{JsonEncodedText.Encode(columns[column].Name)}\":";
            var separator = column > 0 ? "," : _isJson ? "{" : "";
            _prefixes[column] = new MadeText(Encoding.UTF8.GetBytes(_isJson ? separator + name : separator));
        }

        if (_isJson)
            return;
        foreach (var column in columns)
            AddText(column.Name);
        EndRow();
        Header = GC.AllocateUninitializedArray<byte>(_used, pinned: true);
        Bytes.CopyTo(Header);
        Clear();
    }

    /// <summary>The first line of a file, with its end; empty where there is none.</summary>
    public byte[] Header { get; } = [];

    /// <summary>The same, for a file.</summary>
    public FilePart HeaderPart => PartOf(Header, Header.Length);

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _used);

    /// <summary>The same, for a file.</summary>
    public FilePart Part => PartOf(_bytes, _used);

    // Room for what is written there was reserved.
    private ref byte End => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), _used);

    /// <summary>There is nothing: also where a row was begun and not ended.</summary>
    public void Clear() => (_used, _cell) = (0, 0);

    /// <summary>Adds lines that were made before.</summary>
    public void AddLines(ReadOnlySpan<byte> lines) => Append(lines);

    public void EndRow()
    {
        Append(_isJson ? "}\n"u8 : "\n"u8);
        _cell = 0;
    }

    /// <summary>Adds cells whose text was taken from another row, with what separates them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cells">How many cells it has.</param>
    public void AddMade(in MadeText text, int cells)
    {
        Reserve(text.RoomBytes);
        text.CopyTo(ref End);
        _used += text.Length;
        _cell += cells;
    }

    public void AddNull()
    {
        BeginCell(0);
        if (_isJson)
            Append("null"u8);
    }

    public void AddText(string value)
    {
        BeginCell(_texts.RoomBytesOf(value));
        _used += _texts.Write(value, _bytes.AsSpan(_used));
    }

    public void AddInteger(long value)
    {
        BeginCell(IntegerText.RoomBytes);
        _used += IntegerText.Write(value, ref End);
    }

    public void AddNumber(double value)
    {
        BeginCell(DoubleText.RoomBytes);
        if (_isJson && !double.IsFinite(value))
            Append("null"u8);
        else
            _used += DoubleText.Write(value, ref End);
    }

    public void AddTime(long ticks)
    {
        BeginCell(MomentText.RoomBytes + 2);
        if (_isJson)
            _bytes[_used++] = (byte)'"';
        _used += _moments.Write(ticks, ref End);
        if (_isJson)
            _bytes[_used++] = (byte)'"';
    }

    public void AddBoolean(bool value)
    {
        BeginCell(0);
        Append(value ? "true"u8 : "false"u8);
    }

    private static FilePart PartOf(byte[] pinned, int used) =>
        new(Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0), (nuint)used);

    /// <summary>Begins the next cell, and makes room for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void BeginCell(int roomBytes)
    {
        ref readonly var prefix = ref _prefixes[_cell++];
        Reserve(prefix.RoomBytes + roomBytes);
        prefix.CopyTo(ref End);
        _used += prefix.Length;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
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
