using System.Buffers;
using DisruptorStream.Codecs;
using DisruptorStream.Saving;

namespace DisruptorStream.Identities;

/// <summary>One record of the side log.</summary>
/// <remarks>
/// As bytes: the kind, with the column of a key in its upper half, the length of the rest, then <see cref="Sequence"/>
/// + 1, <see cref="Number"/>, <see cref="Generation"/>, of <see cref="IdentityKind.KeyDefined"/> and <see
/// cref="IdentityKind.SourcePosition"/> also <see cref="Ordinal"/>, and the body. All numbers are variable in length
/// (<see cref="VarInt"/>). A saved directory is made of the same records.
/// </remarks>
internal readonly ref struct IdentityRecord
{
    /// <summary>The sequence of records that are no slot's.</summary>
    public const long NoSlot = -1;

    private const int ColumnShift = 4;
    private const int KindMask = (1 << ColumnShift) - 1;

    // Sequence, number, generation, ordinal.
    private const int MostHeadBytes = 10 + 5 + 5 + 10;

    public required IdentityKind Kind { get; init; }

    /// <summary>
    /// The slot that the record comes before; of <see cref="IdentityKind.KeyRetired"/> and <see
    /// cref="IdentityKind.KeyKept"/>, the slot that it is the outcome of.
    /// </summary>
    /// <remarks>
    /// Slots before it may use the number in its old meaning; only this slot and later ones use it in the new one.
    /// </remarks>
    public required long Sequence { get; init; }

    /// <summary>Of keys, their number among the keys of an event; 0 of all else.</summary>
    public int Column { get; init; }

    /// <summary>The id of the key, the number of the source, or the number of the symbol.</summary>
    public required int Number { get; init; }

    /// <summary>Of keys, the generation of the id; of symbols, the number of their table.</summary>
    public uint Generation { get; init; }

    /// <summary>
    /// Of a key that is defined, how many were defined before it, those that are gone included; of a position, how many
    /// events that lie behind it in the source were published already; 0 of all else.
    /// </summary>
    public long Ordinal { get; init; }

    /// <summary>
    /// The key, as its codec writes it; the name of the source, its position, or the text of the symbol.
    /// </summary>
    public ReadOnlySpan<byte> Body { get; init; }

    public void Write(IBufferWriter<byte> output)
    {
        Span<byte> head = stackalloc byte[MostHeadBytes];
        var length = VarInt.Write(head, (ulong)(Sequence + 1));
        length += VarInt.Write(head[length..], (uint)Number);
        length += VarInt.Write(head[length..], Generation);
        if (HasOrdinal(Kind))
            length += VarInt.Write(head[length..], (ulong)Ordinal);
        output.Write([(byte)((int)Kind | (Column << ColumnShift))]);
        VarInt.Write(output, (ulong)(length + Body.Length));
        output.Write(head[..length]);
        output.Write(Body);
    }

    /// <summary>Takes a record from the front of the bytes.</summary>
    /// <exception cref="StateException">The bytes do not begin with a whole record.</exception>
    public static IdentityRecord Read(ref ReadOnlySpan<byte> source)
    {
        var rest = source;
        var kind = rest.IsEmpty ? IdentityKind.None : (IdentityKind)(rest[0] & KindMask);
        if (kind is < IdentityKind.KeyDefined or > IdentityKind.SourcePosition)
            throw Damaged($"{(rest.IsEmpty ? 0 : rest[0])} is no kind of record that this version knows");
        var column = rest[0] >> ColumnShift;
        if (column > 0 && kind is (IdentityKind.SourceNamed or IdentityKind.SourceReleased
            or IdentityKind.SourceLeft or IdentityKind.SourcePosition or IdentityKind.SymbolNumbered))
        {
            throw Damaged($"a record of the kind {kind} tells the column of a key");
        }

        rest = rest[1..];
        if (!VarInt.TryRead(ref rest, out var length) || length > (ulong)rest.Length)
            throw Damaged("a record ends too early");
        var body = rest[..(int)length];
        rest = rest[(int)length..];
        if (!VarInt.TryRead(ref body, out var sequence) || sequence > long.MaxValue
            || !VarInt.TryRead(ref body, out var number) || number > int.MaxValue
            || !VarInt.TryRead(ref body, out var generation) || generation > uint.MaxValue)
        {
            throw Damaged("a number of a record is out of its range");
        }

        var ordinal = 0UL;
        if (HasOrdinal(kind) && (!VarInt.TryRead(ref body, out ordinal) || ordinal > long.MaxValue))
            throw Damaged("the ordinal of a record is out of its range");
        source = rest;
        return new IdentityRecord
        {
            Kind = kind,
            Column = column,
            Sequence = (long)sequence - 1,
            Number = (int)number,
            Generation = (uint)generation,
            Ordinal = (long)ordinal,
            Body = body,
        };
    }

    public static StateException Damaged(string what, Exception? cause = null) =>
        new($"The records of keys, sources and symbols cannot be used: {what}; restore them from a copy.", cause);

    private static bool HasOrdinal(IdentityKind kind) =>
        kind is IdentityKind.KeyDefined or IdentityKind.SourcePosition;
}
