using System.Runtime.InteropServices;

namespace DisruptorStream.State.Panes;

/// <summary>What is kept of the panes of one key and window, apart from its accumulators.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct PaneState
{
    public const int SizeBytes = 8;

    private const int MarkBits = 4;

    private uint _pending;
    private int _indexAndMarks;

    /// <summary>Whether an event came since the last pane.</summary>
    public readonly bool HasPending => _pending != 0;

    /// <summary>The index of the next pane.</summary>
    public int NextIndex
    {
        readonly get => _indexAndMarks >> MarkBits;
        set => _indexAndMarks = (value << MarkBits) | (int)Marks;
    }

    public PaneMarks Marks
    {
        readonly get => (PaneMarks)(_indexAndMarks & ((1 << MarkBits) - 1));
        set => _indexAndMarks = (NextIndex << MarkBits) | (int)value;
    }

    /// <summary>Whether bits that were read can have been saved.</summary>
    /// <param name="possible">The marks that there may be.</param>
    /// <param name="certain">Those of them that there must be.</param>
    public readonly bool IsValid(PaneMarks possible, PaneMarks certain) =>
        _pending <= 1 && NextIndex >= 0 && (Marks & ~possible) == PaneMarks.None && (Marks & certain) == certain;

    public void AddPending() => _pending = 1;

    public void ClearPending() => _pending = 0;

    public void MergePending(in PaneState other) => _pending |= other._pending;
}
