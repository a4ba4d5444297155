namespace DisruptorStream.Rings;

/// <summary>Contiguous sequences claimed by a producer; they never cross the wrap of the ring.</summary>
internal readonly record struct SequenceRange(long First, int Count)
{
    public long Last => First + Count - 1;
}
