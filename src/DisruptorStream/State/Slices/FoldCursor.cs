using System.Runtime.InteropServices;

namespace DisruptorStream.State.Slices;

/// <summary>The folds of a key in the window that was asked for last.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal unsafe struct FoldCursor
{
    public const int SizeBytes = 24;

    /// <summary>From each slice of the key in the window's first block to the end of that block.</summary>
    public FoldNode* Head;

    /// <summary>From the second block on; null while the key has no slice there.</summary>
    public FoldNode* Tail;

    /// <summary>The slice after the last one that <see cref="Tail"/> knows about.</summary>
    public long TailEnd;
}
