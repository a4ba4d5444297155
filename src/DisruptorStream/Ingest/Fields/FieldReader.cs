namespace DisruptorStream.Ingest.Fields;

/// <summary>
/// Reads time and measures of events. Written by the source generator: <see cref="StreamEventAttribute"/>.
/// </summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>It keeps nothing: any number of threads call it at once, outside of any claim.</remarks>
public abstract class FieldReader<TEvent>
{
    /// <summary>Reads an event.</summary>
    /// <param name="one">The event.</param>
    /// <param name="measures">
    /// Gets the 64 bits of each measure; of an event without measures a single 0. It may be longer.
    /// </param>
    /// <returns>The time in ticks of 100 ns since the Unix epoch.</returns>
    public abstract long Read(in TEvent one, Span<long> measures);

    /// <summary>Reads the events of a block, one after the other.</summary>
    /// <param name="published">The events.</param>
    /// <param name="ticks">Gets the times; at least as long.</param>
    /// <param name="measures">Gets the bits of the measures, all of one event in a row.</param>
    /// <param name="read">Gets how many events are read, also where it throws.</param>
    public abstract void ReadAll(
        ReadOnlySpan<TEvent> published, Span<long> ticks, Span<long> measures, ref int read);
}
