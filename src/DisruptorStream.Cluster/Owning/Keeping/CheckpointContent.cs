using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Handling;
using DisruptorStream.Codecs;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Durability.Plans.Records;

namespace DisruptorStream.Cluster.Owning.Keeping;

/// <summary>What the state of a checkpoint holds: the state of the query, and how far its inputs were read.</summary>
/// <remarks>
/// The version of the form (2), epoch and position of the checkpoint, the clock, the number of the next result, the
/// version of the query and its plan, how many inputs there are, and of each its name and the position of the last
/// record that was handled; the hash of all that (XXH3 of 64 bits, little-endian); then the state of the query, which
/// has a checksum of its own. Numbers are VarInts, a name is its length and its bytes in UTF-8, a plan its length and
/// what a file of it holds.
/// </remarks>
internal sealed class CheckpointContent
{
    private const ulong Version = 2;

    private CheckpointContent(EngineState state) => State = state;

    /// <summary>The state of the query.</summary>
    public EngineState State { get; }

    /// <summary>The version of the query.</summary>
    public required int QueryVersion { get; init; }

    /// <summary>The position of the last record that was handled, of each input.</summary>
    public required long[] Positions { get; init; }

    /// <summary>Writes what comes before the state of the query.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="place">Epoch and position of the checkpoint.</param>
    /// <param name="numbers">The clock, and the number of the next result.</param>
    /// <param name="query">Its version and its plan.</param>
    /// <param name="inputs">How far each was read.</param>
    public static void WriteHead(
        Stream output,
        (long Epoch, long Position) place,
        (long ClockTicks, long NextNumber) numbers,
        (int Version, StatePlan Plan) query,
        IReadOnlyList<(string Name, long Position)> inputs)
    {
        var head = new ArrayBufferWriter<byte>();
        VarInt.Write(head, Version);
        VarInt.Write(head, (ulong)place.Epoch);
        VarInt.Write(head, (ulong)place.Position);
        VarInt.Write(head, unchecked((ulong)numbers.ClockTicks));
        VarInt.Write(head, (ulong)numbers.NextNumber);
        VarInt.Write(head, (ulong)query.Version);
        WriteBytes(head, PlanRecordFormat.Write(query.Plan.Record));
        VarInt.Write(head, (ulong)inputs.Count);
        foreach (var (name, position) in inputs)
        {
            WriteBytes(head, Encoding.UTF8.GetBytes(name));
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
    /// <exception cref="Saving.StateException">Its plan is damaged, or of a newer release.</exception>
    public static CheckpointContent Read(Checkpoint checkpoint, IReadOnlyList<string> inputs)
    {
        var content = checkpoint.State;
        var rest = content.Span;
        if (!VarInt.TryRead(ref rest, out var version) || version != Version)
            throw new InvalidDataException("The checkpoint is of another version, or damaged.");
        if (!VarInt.TryRead(ref rest, out var epoch) || !VarInt.TryRead(ref rest, out var place)
            || !VarInt.TryRead(ref rest, out var clock) || !VarInt.TryRead(ref rest, out var next)
            || !VarInt.TryRead(ref rest, out var query) || query > int.MaxValue
            || !TryReadBytes(ref rest, out var plan) || !VarInt.TryRead(ref rest, out var count))
        {
            throw Damaged();
        }

        if (count != (ulong)inputs.Count)
            throw new InvalidDataException($"The checkpoint has {count} inputs, and the query has {inputs.Count}.");
        var positions = new long[inputs.Count];
        for (var input = 0; input < positions.Length; input++)
        {
            if (!TryReadBytes(ref rest, out var bytes) || !VarInt.TryRead(ref rest, out var position))
                throw Damaged();
            var name = Encoding.UTF8.GetString(bytes);
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

        var state = new EngineState(
            new StatePlan(PlanRecordFormat.Read(plan)),
            content[(content.Length - rest.Length + sizeof(ulong))..],
            unchecked((long)clock),
            (long)next);
        return new CheckpointContent(state) { QueryVersion = (int)query, Positions = positions };
    }

    private static void WriteBytes(ArrayBufferWriter<byte> head, ReadOnlySpan<byte> bytes)
    {
        VarInt.Write(head, (ulong)bytes.Length);
        head.Write(bytes);
    }

    private static bool TryReadBytes(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!VarInt.TryRead(ref rest, out var length) || length > (ulong)rest.Length)
            return false;
        bytes = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }

    private static InvalidDataException Damaged() =>
        new("The checkpoint is damaged: its head is not what was written.");
}
