using DisruptorStream.Events;

namespace DisruptorStream.Tests.Streams.Cases;

/// <summary>
/// A processor that has one query alone: the model of that query in a stream. Where the query refuses an event, it is
/// told of the event's time only.
/// </summary>
internal abstract class Alone : IAsyncDisposable
{
    /// <summary>What came out.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>The events that were dropped.</summary>
    public List<string> Drops { get; } = [];

    /// <summary>Events that the query's filters refused.</summary>
    public long Filtered { get; protected set; }

    /// <summary>Events that were refused before the processor saw them, by reason.</summary>
    public Dictionary<DropReason, long> Refused { get; } = [];

    public abstract ProcessorStats Stats { get; }

    /// <summary>A key is new in the stream.</summary>
    public abstract void Define(in Reading one);

    /// <summary>An event.</summary>
    /// <param name="source">Its source.</param>
    /// <param name="one">The event, with the time that it counts for.</param>
    /// <param name="time">Why its time is refused.</param>
    /// <param name="key">Why its key is refused.</param>
    public abstract void Publish(int source, in Reading one, DropReason time, DropReason key);

    public abstract void Apply(RandomStep step);

    public abstract Task EndAsync(bool completes);

    public abstract ValueTask DisposeAsync();
}
