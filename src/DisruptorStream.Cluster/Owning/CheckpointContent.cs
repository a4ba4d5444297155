using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Codecs;

namespace DisruptorStream.Cluster.Owning;

/// <summary>What the state of a checkpoint holds: the state of the query, and how far its inputs were read.</summary>
/// <remarks>
/// The version (1), epoch and position of the checkpoint, the clock, the number of the next result, how many inputs
/// there are, and of each its name and the position of the last record that was handled; the hash of all that (XXH3 of
/// 64 bits, little-endian); then the state of the query, which has a checksum of its own. Numbers are VarInts, a name
/// is its length and its bytes in UTF-8.
/// </remarks>
internal sealed class CheckpointContent
{
    private const ulong Version = 1;

    private readonly ReadOnlyMemory<byte> _state;

    private CheckpointContent(ReadOnlyMemory<byte> state) => _state = state;

    /// <summary>The clock of the last tick.</summary>
    public required long ClockTicks { get; init; }

    /// <summary>The number of the next result.</summary>
    public required long NextNumber { get; init; }

    /// <summary>The position of the last record that was handled, of each input.</summary>
    public required long[] Positions { get; init; }

    /// <summary>Writes what comes before the state of the query.</summary>
    public static void WriteHead(
        Stream output,
        (long Epoch, long Position) place,
        long clockTicks,
        long nextNumber,
        IReadOnlyList<(string Name, long Position)> inputs)
    {
        var head = new ArrayBufferWriter<byte>();
        VarInt.Write(head, Version);
        VarInt.Write(head, (ulong)place.Epoch);
        VarInt.Write(head, (ulong)place.Position);
        VarInt.Write(head, unchecked((ulong)clockTicks));
        VarInt.Write(head, (ulong)nextNumber);
        VarInt.Write(head, (ulong)inputs.Count);
        foreach (var (name, position) in inputs)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            VarInt.Write(head, (ulong)bytes.Length);
            head.Write(bytes);
            VarInt.Write(head, (ulong)position);
        }

        Span<byte> hash = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(hash, XxHash3.HashToUInt64(head.WrittenSpan));
        output.Write(head.WrittenSpan);
        output.Write(hash);
    }

    /// <summary>Reads the state of a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="inputs">The names of the inputs, as they are now.</param>
    /// <exception cref="InvalidDataException">It is damaged, or has other inputs.</exception>
    public static CheckpointContent Read(Checkpoint checkpoint, IReadOnlyList<string> inputs)
    {
        var content = checkpoint.State;
        var rest = content.Span;
        if (!VarInt.TryRead(ref rest, out var version) || version != Version)
            throw new InvalidDataException("The checkpoint is of another version, or damaged.");
        if (!VarInt.TryRead(ref rest, out var epoch) || !VarInt.TryRead(ref rest, out var place)
            || !VarInt.TryRead(ref rest, out var clock) || !VarInt.TryRead(ref rest, out var next)
            || !VarInt.TryRead(ref rest, out var count))
        {
            throw Damaged();
        }

        if (count != (ulong)inputs.Count)
            throw new InvalidDataException($"The checkpoint has {count} inputs, and the query has {inputs.Count}.");
        var positions = new long[inputs.Count];
        for (var input = 0; input < positions.Length; input++)
        {
            if (!VarInt.TryRead(ref rest, out var length) || length > (ulong)rest.Length)
                throw Damaged();
            var name = Encoding.UTF8.GetString(rest[..(int)length]);
            rest = rest[(int)length..];
            if (!VarInt.TryRead(ref rest, out var position))
                throw Damaged();
            if (!string.Equals(name, inputs[input], StringComparison.Ordinal))
                throw new InvalidDataException($"The checkpoint reads '{name}', and the query '{inputs[input]}'.");
            positions[input] = (long)position;
        }

        if (!BinaryPrimitives.TryReadUInt64LittleEndian(rest, out var hash)
            || hash != XxHash3.HashToUInt64(content.Span[..^rest.Length]))
        {
            throw Damaged();
        }

        if ((long)epoch != checkpoint.Epoch || (long)place != checkpoint.Position)
        {
            throw new InvalidDataException(
                $"The checkpoint is of epoch {epoch} and position {place}, and its store says {checkpoint.Epoch} and "
                + $"{checkpoint.Position}.");
        }

        return new CheckpointContent(content[(content.Length - rest.Length + sizeof(ulong))..])
        {
            ClockTicks = unchecked((long)clock),
            NextNumber = (long)next,
            Positions = positions,
        };
    }

    /// <summary>The state of the query.</summary>
    public Stream OpenState()
    {
        var state = _state;
        if (!MemoryMarshal.TryGetArray(state, out var array))
            array = state.ToArray();
        return new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
    }

    private static InvalidDataException Damaged() =>
        new("The checkpoint is damaged: its head is not what was written.");
}
