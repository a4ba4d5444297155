namespace DisruptorStream.LoadTests.Limits;

/// <summary>Sees the sorted values of a window.</summary>
internal delegate void SortedHandler(long label, int key, ReadOnlySpan<double> sorted);
