using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace DisruptorStream.Saving;

/// <summary>Writes a state as sections with checksums, through one large buffer.</summary>
/// <remarks>
/// One thread. What is written depends on the values and their order alone. A write error of the stream comes through,
/// and what was written so far is then of no use. The stream is the caller's.
/// </remarks>
internal sealed class StateWriter : IDisposable
{
    private const int FirstByte = StateFormat.ChunkHeaderBytes;
    private const int CapturedBytes = 4096;

    private readonly Stream _stream;
    private readonly int _endByte;
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private byte[] _buffer;
    private int _at = FirstByte;
    private SectionTag _tag;
    private int _version;
    private uint _ordinal;
    private ulong _hash;

    public StateWriter(Stream stream, in StateHeader header)
    {
        StateFormat.ThrowUnlessLittleEndian();
        _stream = stream;
        _endByte = FirstByte + StateFormat.ChunkBytes;
        _buffer = ArrayPool<byte>.Shared.Rent(_endByte + StateFormat.HashBytes);
        WriteHeader(header);
    }

    /// <summary>One that has no stream: what it is told is kept, to be written later.</summary>
    /// <param name="capture">Keeps it.</param>
    public StateWriter(StateCapture capture)
    {
        StateFormat.ThrowUnlessLittleEndian();
        _stream = Stream.Null;
        Capture = capture;
        _endByte = FirstByte + CapturedBytes;
        _buffer = ArrayPool<byte>.Shared.Rent(_endByte);
    }

    /// <summary>Keeps what is written; null where it goes to a stream.</summary>
    public StateCapture? Capture { get; }

    /// <summary>Begins a section.</summary>
    /// <param name="tag">What it holds.</param>
    /// <param name="version">How; from 1 on.</param>
    public void Begin(SectionTag tag, int version)
    {
        if (_tag != SectionTag.None)
            throw new InvalidOperationException($"Section {_tag} has not ended; end it before {tag} begins.");
        _tag = tag;
        _version = version;

        // So that all from here on is understood also where what is before it was skipped.
        if (tag is SectionTag.Query or SectionTag.NoQuery)
            _texts.Clear();
        Capture?.OnBegin(tag, version);
    }

    /// <summary>Ends the section.</summary>
    public void End()
    {
        WriteChunk(0);
        _tag = SectionTag.None;
        Capture?.OnEnd();
    }

    /// <summary>Has something written here later: only where what is written is kept.</summary>
    /// <param name="save">Writes it, on another thread.</param>
    public void WriteLater(Action<StateWriter> save)
    {
        Flush();
        Capture!.OnLater(save);
    }

    /// <summary>Hands all that was written so far to who keeps it.</summary>
    public void Flush()
    {
        if (_at == FirstByte)
            return;
        Capture!.OnBytes(_buffer.AsSpan(FirstByte, _at - FirstByte));
        _at = FirstByte;
    }

    /// <summary>Ends the whole: a state without this is refused. Flushes the stream.</summary>
    public void Complete()
    {
        var sections = _ordinal;
        Begin(SectionTag.End, 1);
        WriteInt64(sections);
        End();
        _stream.Flush();
    }

    public void WriteByte(byte value)
    {
        if (_at == _endByte)
            WriteChunk(StateFormat.More);
        _buffer[_at++] = value;
    }

    public void WriteInt64(long value)
    {
        if (_endByte - _at < sizeof(long))
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            WriteBytes(bytes);
            return;
        }

        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_at), value);
        _at += sizeof(long);
    }

    /// <summary>Writes a number in as few bytes as it takes, seven bits in each.</summary>
    public void WriteNumber(ulong value)
    {
        while (value >= 0x80)
        {
            WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        WriteByte((byte)value);
    }

    /// <summary>As <see cref="WriteNumber"/>, for a count or another number that is not negative.</summary>
    public void WriteCount(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        WriteNumber((ulong)count);
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > _endByte - _at)
        {
            var part = _endByte - _at;
            bytes[..part].CopyTo(_buffer.AsSpan(_at));
            _at += part;
            bytes = bytes[part..];
            WriteChunk(StateFormat.More);
        }

        bytes.CopyTo(_buffer.AsSpan(_at));
        _at += bytes.Length;
    }

    /// <summary>
    /// Writes a text, the first time whole and then as a reference. Of a very long one the beginning is kept.
    /// </summary>
    public void WriteText(string text)
    {
        var kept = text.Length > StateFormat.MaxTextChars ? text[..StateFormat.MaxTextChars] : text;
        if (Capture is not null)
        {
            // Which text comes first is known when all are written.
            Flush();
            Capture.OnText(kept);
            return;
        }

        if (_texts.TryGetValue(kept, out var index))
        {
            WriteCount(index + 1);
            return;
        }

        // Half characters become what they are read as, so that what is read and saved again has the same bytes.
        var bytes = Encoding.UTF8.GetBytes(kept);
        var read = Encoding.UTF8.GetString(bytes);
        if (_texts.TryGetValue(read, out index))
        {
            WriteCount(index + 1);
            return;
        }

        _texts.Add(read, _texts.Count);
        WriteCount(0);
        WriteCount(bytes.Length);
        WriteBytes(bytes);
    }

    /// <summary>Gives the buffer back; what is in it is lost.</summary>
    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private void WriteHeader(in StateHeader header)
    {
        var bytes = _buffer.AsSpan(0, StateFormat.FileHeaderBytes + StateFormat.HashBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, StateFormat.Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], StateFormat.Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], 0);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], header.Layout);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], header.Sequence);
        _hash = StateFormat.Hash(bytes[..StateFormat.FileHeaderBytes], 0);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[StateFormat.FileHeaderBytes..], _hash);
        _stream.Write(bytes);
    }

    private void WriteChunk(ushort flags)
    {
        if (Capture is not null)
        {
            Flush();
            return;
        }

        if (_tag == SectionTag.None)
            throw new InvalidOperationException("No section has begun; begin one before anything is written.");
        BinaryPrimitives.WriteInt32LittleEndian(_buffer, (int)_tag);
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(4), (ushort)_version);
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(6), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(8), _ordinal++);
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(12), _at - FirstByte);
        _hash = StateFormat.Hash(_buffer.AsSpan(0, _at), _hash);
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(_at), _hash);
        _stream.Write(_buffer.AsSpan(0, _at + StateFormat.HashBytes));
        _at = FirstByte;
    }
}
