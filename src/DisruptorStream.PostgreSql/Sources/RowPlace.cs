using System.Buffers.Binary;
using System.Globalization;
using DisruptorStream.Sources;

namespace DisruptorStream.PostgreSql.Sources;

/// <summary>Where a row is in the order of a source.</summary>
/// <param name="Transaction">The transaction that added it; 0 where the source has no such column.</param>
/// <param name="Key">Its key.</param>
internal readonly record struct RowPlace(ulong Transaction, long Key)
{
    /// <summary>The place that a position stands for; null for the start.</summary>
    /// <exception cref="SourcePositionException">It stands for none.</exception>
    public static RowPlace? Read(SourcePosition position, bool hasTransactions)
    {
        var bytes = position.Bytes;
        if (position.IsStart)
            return null;
        if (bytes.Length != (hasTransactions ? 2 : 1) * sizeof(long))
        {
            throw new SourcePositionException(
                $"The position '{position}' is not one of this source, which has "
                + (hasTransactions ? "a" : "no")
                + " TransactionColumn; set the option as it was, or give the source another name, so that it begins "
                + "anew.");
        }

        return hasTransactions
            ? new(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[sizeof(long)..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes))
            : new(0, position.ToInt64());
    }

    /// <summary>The place as a position.</summary>
    public SourcePosition Position(bool hasTransactions)
    {
        if (!hasTransactions)
            return SourcePosition.FromInt64(Key);
        Span<byte> bytes = stackalloc byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Key);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[sizeof(long)..], Transaction);
        return new SourcePosition(bytes);
    }

    /// <summary>For people.</summary>
    public override string ToString() => Transaction == 0
        ? Key.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Key} of the transaction {Transaction}");
}
