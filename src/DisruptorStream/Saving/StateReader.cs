using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace DisruptorStream.Saving;

/// <summary>Reads what a <see cref="StateWriter"/> wrote, and refuses whatever is not that.</summary>
/// <remarks>
/// One thread. No byte is looked at before the checksum of its chunk has been found right, and no length is believed
/// before it has been compared with what is left. The stream is the caller's; its own errors come through.
/// </remarks>
internal sealed class StateReader : IDisposable
{
    private const int LongestNumberBytes = 10;

    private readonly Stream _stream;
    private readonly List<string> _texts = [];
    private byte[] _buffer;
    private int _at;
    private int _end;
    private bool _hasMore;
    private SectionTag _tag;
    private SectionTag _peeked;
    private int _version;
    private uint _ordinal;
    private ulong _hash;

    /// <param name="stream">Where the state begins.</param>
    /// <exception cref="StateException">It is no saved state, or not one of this release.</exception>
    public StateReader(Stream stream)
    {
        StateFormat.ThrowUnlessLittleEndian();
        _stream = stream;
        _buffer = ArrayPool<byte>.Shared.Rent(
            StateFormat.ChunkHeaderBytes + StateFormat.ChunkBytes + StateFormat.HashBytes);
        Header = ReadHeader();
    }

    public StateHeader Header { get; }

    /// <summary>
    /// Ids of keys are below this. To be set once the keys are known, so that no array is made for an id that is none.
    /// </summary>
    public int KeyRange { get; set; } = int.MaxValue;

    /// <summary>
    /// As <see cref="KeyRange"/>, of the keys of each name that an event carries; none before those are known.
    /// </summary>
    public IReadOnlyList<int> KeyRanges { get; set; } = [];

    /// <summary>Hands what one part would save to another part that loads it, in memory.</summary>
    /// <param name="save">Writes sections.</param>
    /// <param name="load">Reads the same sections.</param>
    /// <param name="keyRanges">Ids of the keys of each name are below these.</param>
    /// <exception cref="StateException">What was written cannot be read.</exception>
    public static void Transfer(Action<StateWriter> save, Action<StateReader> load, IReadOnlyList<int> keyRanges)
    {
        using var copy = new MemoryStream();
        using (var writer = new StateWriter(copy, new StateHeader(0, StateFormat.NoSequence)))
        {
            save(writer);
            writer.Complete();
        }

        copy.Position = 0;
        using var reader = new StateReader(copy) { KeyRanges = keyRanges };
        load(reader);
    }

    /// <summary>Ids of the keys of a name are below this.</summary>
    /// <param name="column">Which of an event's keys it is.</param>
    public int KeyRangeOf(int column) => column < KeyRanges.Count ? KeyRanges[column] : KeyRange;

    /// <summary>The most bytes that can still come; where the stream cannot tell, those that are here.</summary>
    public long BytesLeft => _end - _at + (_stream.CanSeek ? Math.Max(0, _stream.Length - _stream.Position) : 0);

    /// <summary>Begins the next section, which must hold this; returns its version.</summary>
    /// <param name="tag">What is expected.</param>
    /// <param name="newestVersion">The newest version that the caller reads.</param>
    /// <exception cref="StateException">Another section comes, or a newer version, or it is damaged.</exception>
    public int Begin(SectionTag tag, int newestVersion)
    {
        if (_tag != SectionTag.None)
            throw new InvalidOperationException($"Section {_tag} has not ended; end it before {tag} begins.");
        var found = Peek();
        var version = _version;
        if (found != tag)
        {
            throw new StateException(Enum.IsDefined(found)
                ? $"The saved state has section {found} where {tag} belongs: it is that of another kind of processor; "
                    + "load it into one that is built alike."
                : $"The saved state has section {(int)found} of version {version}, which this release does not know, "
                    + $"where {tag} belongs; load it with the release that saved it, or a newer one.");
        }

        if (version < 1 || version > newestVersion)
        {
            throw new StateException(
                $"Section {tag} of the saved state has version {version}, and this release reads 1 to "
                + $"{newestVersion}; load it with the release that saved it, or a newer one.");
        }

        (_tag, _peeked) = (tag, SectionTag.None);
        if (tag is SectionTag.Query or SectionTag.NoQuery)
            _texts.Clear();
        return version;
    }

    /// <summary>What the next section holds; it is not begun yet. Between two sections.</summary>
    /// <exception cref="StateException">It is damaged, or there is none.</exception>
    public SectionTag Peek()
    {
        if (_peeked == SectionTag.None)
            ReadChunk(out _peeked, out _version);
        return _peeked;
    }

    /// <summary>Leaves the next section out.</summary>
    /// <exception cref="StateException">It is damaged, or there is none.</exception>
    public void Skip()
    {
        var tag = Peek();
        while (_hasMore)
        {
            ReadChunk(out var next, out var version);
            if (next != tag || version != _version)
            {
                throw new StateException(
                    $"Section {tag} of the saved state is cut up in another way than it is saved; load an older "
                    + "state.");
            }
        }

        _at = _end;
        _peeked = SectionTag.None;
    }

    /// <summary>Leaves all out up to the end, and makes sure that it is the end.</summary>
    /// <exception cref="StateException">It is damaged, or not whole.</exception>
    public void SkipRest()
    {
        while (Peek() != SectionTag.End)
            Skip();
        Complete();
    }

    /// <summary>Leaves all out up to the next query, or to what is of no query.</summary>
    /// <exception cref="StateException">It is damaged, or there is none.</exception>
    public void SkipQuery()
    {
        while (Peek() is not (SectionTag.Query or SectionTag.NoQuery or SectionTag.End))
            Skip();
    }

    /// <summary>Ends the section.</summary>
    /// <exception cref="StateException">Not all of it was read.</exception>
    public void End()
    {
        if (_at != _end || _hasMore)
            throw Invalid("it goes on where it should end");
        _tag = SectionTag.None;
    }

    /// <summary>Makes sure that this is the end of the state.</summary>
    /// <exception cref="StateException">It is not.</exception>
    public void Complete()
    {
        var sections = _peeked == SectionTag.None ? _ordinal : _ordinal - 1;
        Begin(SectionTag.End, 1);
        if (ReadInt64() != sections)
            throw Invalid("it tells another number of sections than there are");
        End();
    }

    /// <summary>What to throw where a value cannot be right.</summary>
    /// <param name="what">What is wrong, as a sentence without its end.</param>
    public StateException Invalid(string what) => new(
        $"Section {_tag} of the saved state is not valid: {what}; load an older state, and report this one.");

    public byte ReadByte()
    {
        if (_at == _end)
            ReadMore();
        return _buffer[_at++];
    }

    /// <summary>A mark that is 0 or 1.</summary>
    public bool ReadFlag()
    {
        var value = ReadByte();
        return value <= 1 ? value == 1 : throw Invalid($"{value} stands where 0 or 1 belongs");
    }

    public long ReadInt64()
    {
        if (_end - _at < sizeof(long))
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            ReadBytes(bytes);
            return BinaryPrimitives.ReadInt64LittleEndian(bytes);
        }

        var value = BinaryPrimitives.ReadInt64LittleEndian(_buffer.AsSpan(_at));
        _at += sizeof(long);
        return value;
    }

    public ulong ReadNumber()
    {
        var value = 0UL;
        for (var index = 0; index < LongestNumberBytes; index++)
        {
            var part = ReadByte();
            if (index == LongestNumberBytes - 1 && part > 1)
                break;
            value |= (ulong)(part & 0x7F) << (7 * index);
            if (part < 0x80)
                return value;
        }

        throw Invalid("a number has more than 64 bits");
    }

    /// <summary>A number from 0 to a limit.</summary>
    public long ReadNumber(long most, string what)
    {
        var value = ReadNumber();
        return most >= 0 && value <= (ulong)most
            ? (long)value
            : throw Invalid($"{what} is {value}, and {most} is the most");
    }

    /// <summary>A number of things, each of which takes at least a number of bytes that are still to come.</summary>
    /// <param name="bytesOfEach">At least 1.</param>
    /// <param name="what">The things.</param>
    /// <param name="most">The most that there may be.</param>
    public int ReadCount(int bytesOfEach, string what, int most = int.MaxValue)
    {
        var count = ReadNumber();
        if (count > (ulong)most)
            throw Invalid($"the number of {what} is {count}, and {most} is the most");
        if (_stream.CanSeek && count > (ulong)(BytesLeft / bytesOfEach))
            throw Invalid($"the number of {what} is {count}, and fewer fit into what is left");
        return (int)count;
    }

    public void ReadBytes(Span<byte> bytes)
    {
        while (bytes.Length > _end - _at)
        {
            var part = _end - _at;
            _buffer.AsSpan(_at, part).CopyTo(bytes);
            _at += part;
            bytes = bytes[part..];
            ReadMore();
        }

        _buffer.AsSpan(_at, bytes.Length).CopyTo(bytes);
        _at += bytes.Length;
    }

    public string ReadText()
    {
        var reference = ReadNumber(_texts.Count, "a reference to a text");
        if (reference > 0)
            return _texts[(int)reference - 1];
        var length = ReadCount(1, "the bytes of a text", StateFormat.MaxTextBytes);
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            ReadBytes(bytes.AsSpan(0, length));
            var text = Encoding.UTF8.GetString(bytes, 0, length);
            _texts.Add(text);
            return text;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _at = _end = 0;
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private StateHeader ReadHeader()
    {
        var bytes = _buffer.AsSpan(0, StateFormat.FileHeaderBytes + StateFormat.HashBytes);
        Fill(bytes);
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes) != StateFormat.Magic)
            throw new StateException("This is no saved state: it does not begin like one; check which file it is.");
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        _hash = StateFormat.Hash(bytes[..StateFormat.FileHeaderBytes], 0);
        if (_hash != BinaryPrimitives.ReadUInt64LittleEndian(bytes[StateFormat.FileHeaderBytes..]))
            throw Damaged();
        if (version != StateFormat.Version)
        {
            throw new StateException(
                $"The saved state has format {version}, and this release reads {StateFormat.Version}; load it with the "
                + "release that saved it.");
        }

        var sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]);
        if (sequence is < StateFormat.NoSequence or > StateFormat.LastSequence)
        {
            throw new StateException(
                $"The saved state says that its last slot has the sequence {sequence}, and there is none such; load an "
                + "older state, and report this one.");
        }

        return new StateHeader(BinaryPrimitives.ReadUInt128LittleEndian(bytes[16..]), sequence);
    }

    private void ReadMore()
    {
        if (!_hasMore)
            throw Invalid("it ends where it should go on");
        ReadChunk(out var tag, out var version);
        if (tag != _tag || version != _version || _end == _at)
            throw Invalid("it is cut up in another way than it is saved");
    }

    private void ReadChunk(out SectionTag tag, out int version)
    {
        var header = _buffer.AsSpan(0, StateFormat.ChunkHeaderBytes);
        Fill(header);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
        if ((uint)length > StateFormat.ChunkBytes)
            throw Damaged();
        _at = StateFormat.ChunkHeaderBytes;
        _end = _at;
        var rest = _buffer.AsSpan(_at, length + StateFormat.HashBytes);
        Fill(rest);
        _hash = StateFormat.Hash(_buffer.AsSpan(0, _at + length), _hash);
        if (_hash != BinaryPrimitives.ReadUInt64LittleEndian(rest[length..])
            || BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) != _ordinal)
        {
            throw Damaged();
        }

        tag = (SectionTag)BinaryPrimitives.ReadInt32LittleEndian(header);
        version = BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
        _hasMore = (BinaryPrimitives.ReadUInt16LittleEndian(header[6..]) & StateFormat.More) != 0;
        _ordinal++;
        _end = _at + length;
    }

    private void Fill(Span<byte> bytes)
    {
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new StateException(
                $"The saved state ends in section {_ordinal} and is not whole; load an older one.");
        }
    }

    private StateException Damaged() => new(
        $"Section {_ordinal} of the saved state is damaged: its checksum is wrong; load an older state.");
}
