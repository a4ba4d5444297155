using System.Runtime.InteropServices;

namespace DisruptorStream.State.Filling;

/// <summary>A key whose empty windows are filled. Behind it lie the values that their panes show, if any.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct FillState
{
    public const int SizeBytes = 8;

    /// <summary>Empty windows that have been filled since the newest one with events.</summary>
    public int InARow;

    /// <summary>
    /// Where the shard keeps the exception of that window, where it failed and is repeated; -1 for none.
    /// </summary>
    public int FailureIndex;
}
