using System.Text;
using System.Text.Json;
using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Emission.Texts;

namespace DisruptorStream.Cli.Output;

/// <summary>Writes rows of named cells as CSV or as lines of JSON, straight into UTF-8.</summary>
/// <remarks>One thread at a time. A double is written so that reading it gives the same double.</remarks>
internal sealed class TextRowWriter : RowWriter
{
    private const int FlushBytes = 1 << 16;

    private static readonly byte[] QuotedInCsv = [(byte)',', (byte)'"', (byte)'\n', (byte)'\r'];

    private readonly Stream _stream;
    private readonly bool _isJson;
    private readonly byte[][] _names;
    private readonly RecentTimes _times = new();
    private byte[] _buffer = new byte[FlushBytes * 2];
    private int _used;
    private int _cell;

    public TextRowWriter(Stream stream, OutputFormat format, IReadOnlyList<string> names)
    {
        _stream = stream;
        _isJson = format == OutputFormat.Ndjson;
        _names = [.. names.Select(name => Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(name)}\":"))];
        if (_isJson)
            return;
        foreach (var name in names)
            Write(name);
        EndRow();
    }

    public override void Write(string text)
    {
        BeginCell();
        if (_isJson)
        {
            Append((byte)'"');
            Append(JsonEncodedText.Encode(text).EncodedUtf8Bytes);
            Append((byte)'"');
            return;
        }

        var start = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length) * 2 + 2);
        var length = Encoding.UTF8.GetBytes(text, _buffer.AsSpan(start));
        if (_buffer.AsSpan(start, length).IndexOfAny(QuotedInCsv) < 0)
        {
            _used += length;
            return;
        }

        var raw = _buffer.AsSpan(start, length).ToArray();
        Append((byte)'"');
        foreach (var one in raw)
        {
            if (one == '"')
                Append((byte)'"');
            Append(one);
        }

        Append((byte)'"');
    }

    public override void Write(double value)
    {
        BeginCell();
        if (!double.IsFinite(value))
        {
            if (_isJson)
                Append("null"u8);
            return;
        }

        Reserve(DoubleText.RoomBytes);
        _used += DoubleText.Write(value, ref _buffer[_used]);
    }

    public override void Write(long value)
    {
        BeginCell();
        Reserve(IntegerText.RoomBytes);
        _used += IntegerText.Write(value, ref _buffer[_used]);
    }

    public override void WriteTime(long ticks)
    {
        BeginCell();
        if (_isJson)
            Append((byte)'"');
        Append(_times.TextOf(ticks));
        if (_isJson)
            Append((byte)'"');
    }

    public override void Skip()
    {
        if (_isJson)
            _cell++;
        else
            BeginCell();
    }

    public override void EndRow()
    {
        if (_isJson)
            Append((byte)'}');
        Append((byte)'\n');
        _cell = 0;
        if (_used >= FlushBytes)
            FlushToStream();
    }

    public override void FlushToStream()
    {
        _stream.Write(_buffer, 0, _used);
        _used = 0;
    }

    public override void WriteNumeric(string text, double number)
    {
        if (!_isJson)
            Write(text);
        else if (JsonToken.IsNumber(Encoding.UTF8.GetBytes(text)))
            WriteToken(text);
        else
            Write(number);
    }

    protected override void WriteToken(string text)
    {
        if (!_isJson)
        {
            Write(text);
            return;
        }

        BeginCell();
        Reserve(text.Length);
        _used += Encoding.ASCII.GetBytes(text, _buffer.AsSpan(_used));
    }

    private void BeginCell()
    {
        if (_isJson)
        {
            Append(_cell == 0 ? (byte)'{' : (byte)',');
            Append(_names[_cell]);
        }
        else if (_cell > 0)
        {
            Append((byte)',');
        }

        _cell++;
    }

    private int Reserve(int length)
    {
        if (_used + length > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _used + length));
        return _used;
    }

    private void Append(byte one)
    {
        Reserve(1);
        _buffer[_used++] = one;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(_buffer.AsSpan(_used));
        _used += text.Length;
    }
}
