namespace DisruptorStream.Pipeline.Assignment.Slices;

/// <summary>Two slices in a row whose events may share a run: what is said of one holds for the other.</summary>
/// <param name="Newer">The index of the second one.</param>
/// <param name="StartTicks">Where the first one begins.</param>
/// <param name="SplitTicks">Where the second one begins.</param>
/// <param name="EndTicks">Where the second one ends.</param>
internal readonly record struct SlicePair(long Newer, long StartTicks, long SplitTicks, long EndTicks)
{
    public bool Holds(long time) => time >= StartTicks && time < EndTicks;
}
