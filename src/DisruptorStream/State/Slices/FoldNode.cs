using System.Runtime.InteropServices;

namespace DisruptorStream.State.Slices;

/// <summary>What lies in front of a folded record: a place in the stack of its key.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal unsafe struct FoldNode
{
    /// <summary>Keeps the vectors of the record behind it on 32-byte boundaries.</summary>
    public const int SizeBytes = 32;

    /// <summary>The fold that begins with a later slice; null in the last one.</summary>
    public FoldNode* Next;

    /// <summary>The first slice folded in.</summary>
    public long Slice;

    /// <summary>Where the pool keeps it.</summary>
    public int Index;
}
