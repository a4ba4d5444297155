namespace DisruptorStream.Pipeline.Assignment;

/// <summary>Two slices in a row whose events may share a run: what is said of one holds for the other.</summary>
/// <param name="Newer">The index of the second one.</param>
/// <param name="Start">Where the first one begins.</param>
/// <param name="Split">Where the second one begins.</param>
/// <param name="End">Where the second one ends.</param>
internal readonly record struct SlicePair(long Newer, long Start, long Split, long End)
{
    public bool Holds(long time) => time >= Start && time < End;
}
