namespace DisruptorStream.Ingest.Streams;

/// <summary>Reads one key of the events of a block, and finds its ids.</summary>
/// <remarks>One caller at a time.</remarks>
internal abstract class KeyReader<TEvent>
{
    /// <summary>Runs the selector, outside of any claim: it may take its time, or throw.</summary>
    /// <param name="published">The events, at most a block.</param>
    /// <param name="read">How many were read: also where the selector throws.</param>
    public abstract void Read(ReadOnlySpan<TEvent> published, ref int read);

    /// <summary>
    /// Finds the ids of keys that were read, inside a claim: below 0 for an event without a key, or for a new key where
    /// no id is free.
    /// </summary>
    /// <param name="first">The first event.</param>
    /// <param name="ids">Where the ids go.</param>
    /// <param name="resolved">How many were found: also where the user's own hash code or equality throws.</param>
    public abstract void Resolve(int first, Span<int> ids, out int resolved);

    /// <summary>
    /// Runs the selector for one event, the only one, and looks for its key, outside of any claim: it may take its
    /// time, or throw.
    /// </summary>
    public abstract void ReadOne(in TEvent published);

    /// <summary>
    /// The id of the one event's key, valid for the claim that the caller holds, where that is sure without a search;
    /// below 0 where it is not. Never throws.
    /// </summary>
    public abstract int KeepOne();

    /// <summary>Forgets the keys that were read, so that they can be collected.</summary>
    public abstract void Clear();
}
