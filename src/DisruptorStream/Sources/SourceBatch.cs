using DisruptorStream.Messages;

namespace DisruptorStream.Sources;

/// <summary>What a source has read: events, and records that are none.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>One thread at a time.</remarks>
public sealed class SourceBatch<TEvent>
{
    private readonly TEvent[] _events;
    private readonly BadRecordPolicy _policy;

    /// <summary>Makes an empty one; the processor does so by itself, and so do tests of a source.</summary>
    /// <param name="capacity">How many events it takes: 1 or more.</param>
    /// <param name="policy">What <see cref="Reject"/> does.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public SourceBatch(int capacity, BadRecordPolicy policy = BadRecordPolicy.Stop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        OptionGuard.Defined(policy, nameof(policy));
        _events = new TEvent[capacity];
        _policy = policy;
    }

    /// <summary>How many events it has.</summary>
    public int Count { get; private set; }

    /// <summary>Whether it takes no more.</summary>
    public bool IsFull => Count == _events.Length;

    /// <summary>The events, until the next read.</summary>
    public ReadOnlyMemory<TEvent> Events => _events.AsMemory(0, Count);

    /// <summary>Records that were left out.</summary>
    public int Rejected { get; private set; }

    /// <summary>The first one that was left out, as text; null for none.</summary>
    public string? FirstRejected { get; private set; }

    /// <summary>Adds an event.</summary>
    /// <param name="read">The event.</param>
    /// <exception cref="InvalidOperationException">It is full.</exception>
    public void Add(TEvent read)
    {
        if (IsFull)
        {
            throw new InvalidOperationException(
                $"The batch has {Count} events, which is all it takes; look at IsFull, and give the others at the next "
                + "read.");
        }

        _events[Count++] = read;
    }

    /// <summary>A record is no event.</summary>
    /// <param name="where">Which one, such as a file and a line.</param>
    /// <param name="why">What is wrong with it.</param>
    /// <exception cref="SourceRecordException">
    /// The source is to stop there: let it go to the caller, and it is read again later.
    /// </exception>
    public void Reject(string where, string why)
    {
        ArgumentNullException.ThrowIfNull(where);
        ArgumentNullException.ThrowIfNull(why);
        var text = $"{where} is no event: {why.TrimEnd('.')}";
        if (_policy == BadRecordPolicy.Stop)
        {
            throw new SourceRecordException(
                $"{text}. Mend it, or set OnBadRecord to Skip, so that such records are left out and counted.");
        }

        Rejected++;
        FirstRejected ??= text;
    }

    internal void Clear()
    {
        Array.Clear(_events, 0, Count);
        Count = 0;
        Rejected = 0;
        FirstRejected = null;
    }
}
