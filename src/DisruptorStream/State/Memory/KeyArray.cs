using System.Runtime.CompilerServices;

namespace DisruptorStream.State.Memory;

/// <summary>Finds the records of an <see cref="ArrayKeys"/> from registers; valid until its range changes.</summary>
/// <remarks>
/// All ids of the range have a record that can be folded into, whether their key is there or not: a loop marks the key
/// and needs no look at what there was.
/// </remarks>
internal readonly unsafe struct KeyArray
{
    public KeyArray(byte* records, byte* marks, int range, int recordBytes, bool isFull)
    {
        Records = records;
        Marks = marks;
        Range = (uint)range;
        RecordBytes = recordBytes;
        IsFull = isFull;
    }

    public byte* Records { get; }

    /// <summary>For each id a byte that is not 0 where the key is there.</summary>
    public byte* Marks { get; }

    /// <summary>Ids below this have a record.</summary>
    public uint Range { get; }

    public nint RecordBytes { get; }

    /// <summary>Whether all keys of the range are there: then none has to be marked.</summary>
    public bool IsFull { get; }

    /// <summary>The record of an id in the range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* RecordOf(uint keyId) => Records + ((nint)keyId * RecordBytes);
}
