using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal.Format;

namespace DisruptorStream.Durability.Journal.Writing;

/// <summary>Frames that wait for the next write: where their bytes lie, in order.</summary>
internal sealed unsafe class StagedFrames
{
    // Fewer bytes are copied, which makes longer parts.
    private const long MostCopiedBytes = 4096;

    private readonly FrameArena _arena = new();
    private readonly XxHash3 _hash = new();
    private FilePart[] _parts = new FilePart[64];
    private int _count;

    /// <summary>How many bytes wait.</summary>
    public long Bytes { get; private set; }

    /// <summary>The parts that wait.</summary>
    public ReadOnlySpan<FilePart> Parts => _parts.AsSpan(0, _count);

    /// <summary>Adds a frame with a copy of its payload.</summary>
    /// <param name="header">Kind, encoding, and all that does not depend on the payload's bytes.</param>
    /// <param name="payload">The payload.</param>
    /// <returns>The frame's hash.</returns>
    public ulong Add(ref FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Measure(ref header, payload.Length);
        var frame = _arena.Take(header.Length);
        *(FrameHeader*)frame = header;
        var rest = new Span<byte>(
            frame + JournalFormat.FrameHeaderBytes, (int)header.Length - JournalFormat.FrameHeaderBytes);
        payload.CopyTo(rest);
        rest[payload.Length..].Clear();
        return Seal((FrameHeader*)frame);
    }

    /// <summary>Adds a frame with slots as they lie; they stay there until they are written.</summary>
    /// <returns>The frame's hash.</returns>
    public ulong AddSlots(ref FrameHeader header, ReadOnlySpan<byte> slots, ReadOnlySpan<byte> furtherWords)
    {
        Measure(ref header, slots.Length + furtherWords.Length);
        if (header.Length <= MostCopiedBytes)
            return CopySlots(in header, slots, furtherWords);

        var frame = (FrameHeader*)_arena.Take(JournalFormat.FrameHeaderBytes);
        *frame = header;
        var head = new ReadOnlySpan<byte>(frame, JournalFormat.FrameHeaderBytes);
        _hash.Reset();
        _hash.Append(head[JournalFormat.HashBytes..]);
        _hash.Append(slots);
        _hash.Append(furtherWords);
        frame->Hash = _hash.GetCurrentHashAsUInt64();
        AddPart(head);
        AddPart(slots);
        AddPart(furtherWords);
        return frame->Hash;
    }

    /// <summary>Begins a frame whose payload is filled in place; <see cref="Finish"/> has to follow.</summary>
    /// <param name="header">Kind, encoding, and all that does not depend on the payload's bytes.</param>
    /// <param name="payloadBytes">A multiple of 8.</param>
    /// <returns>Where the payload begins.</returns>
    public byte* Begin(ref FrameHeader header, int payloadBytes)
    {
        Measure(ref header, payloadBytes);
        var frame = _arena.Take(header.Length);
        *(FrameHeader*)frame = header;
        return frame + JournalFormat.FrameHeaderBytes;
    }

    /// <summary>Adds the frame whose payload is filled.</summary>
    /// <returns>The frame's hash.</returns>
    public ulong Finish(byte* payload) => Seal((FrameHeader*)(payload - JournalFormat.FrameHeaderBytes));

    /// <summary>All of it is written.</summary>
    public void Clear()
    {
        _arena.Clear();
        _count = 0;
        Bytes = 0;
    }

    private static void Measure(ref FrameHeader header, int payloadBytes)
    {
        header.PayloadBytes = payloadBytes;
        header.Length = (uint)JournalFormat.FrameBytes(payloadBytes);
    }

    private ulong CopySlots(in FrameHeader header, ReadOnlySpan<byte> slots, ReadOnlySpan<byte> furtherWords)
    {
        var frame = _arena.Take(header.Length);
        *(FrameHeader*)frame = header;
        var payload = new Span<byte>(frame + JournalFormat.FrameHeaderBytes, header.PayloadBytes);
        slots.CopyTo(payload);
        furtherWords.CopyTo(payload[slots.Length..]);
        return Seal((FrameHeader*)frame);
    }

    private ulong Seal(FrameHeader* frame)
    {
        var bytes = new ReadOnlySpan<byte>(frame, (int)frame->Length);
        frame->Hash = JournalFormat.Hash(bytes[JournalFormat.HashBytes..]);
        AddPart(bytes);
        return frame->Hash;
    }

    // What lies behind the part before becomes one with it.
    private void AddPart(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        var address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
        Bytes += bytes.Length;
        if (_count > 0 && _parts[_count - 1].Address + (nint)_parts[_count - 1].Length == address)
        {
            _parts[_count - 1] = _parts[_count - 1] with { Length = _parts[_count - 1].Length + (nuint)bytes.Length };
            return;
        }

        if (_count == _parts.Length)
            Array.Resize(ref _parts, 2 * _count);
        _parts[_count++] = new FilePart(address, (nuint)bytes.Length);
    }
}
